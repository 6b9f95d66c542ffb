using System.Net;
using System.Net.Sockets;
using Mlops.Functions.Notifications;

namespace Mlops.Functions.Tests.Notifications;

public class PublicAddressTests
{
    private static readonly string[] _inside =
    [
        "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.2.0/24", "192.168.0.0/16", "198.18.0.0/15", "203.0.113.0/24", "224.0.0.0/4",
        "240.0.0.0/4", "::/96", "64:ff9b::/96", "64:ff9b:1::/48", "100::/64", "2001::/32", "2001:db8::/32", "2002::/16", "3fff::/20", "5f00::/16", "fc00::/7", "fe80::/10", "fec0::/10", "ff00::/8",
    ];

    [Theory]
    [InlineData("169.254.169.254")]
    [InlineData("168.63.129.16")]
    [InlineData("127.0.0.1")]
    [InlineData("0.0.0.0")]
    [InlineData("255.255.255.255")]
    [InlineData("172.31.255.255")]
    [InlineData("100.127.255.255")]
    [InlineData("::1")]
    [InlineData("::")]
    [InlineData("::ffff:127.0.0.1")]
    [InlineData("::ffff:169.254.169.254")]
    [InlineData("::ffff:10.0.0.1")]
    [InlineData("::7f00:1")]
    [InlineData("64:ff9b::a9fe:a9fe")]
    [InlineData("2002:7f00:1::")]
    [InlineData("fd00:ec2::254")]
    [InlineData("fe80::1%2")]
    public void Contains_AddressesInside_No(string address) => Assert.False(PublicAddress.Contains(IPAddress.Parse(address)));

    [Theory]
    [InlineData("1.1.1.1")]
    [InlineData("8.8.8.8")]
    [InlineData("172.15.255.255")]
    [InlineData("172.32.0.0")]
    [InlineData("100.63.255.255")]
    [InlineData("100.128.0.0")]
    [InlineData("169.253.255.255")]
    [InlineData("168.63.129.17")]
    [InlineData("223.255.255.255")]
    [InlineData("2606:4700:4700::1111")]
    [InlineData("2a01:111::1")]
    [InlineData("::ffff:8.8.8.8")]
    public void Contains_AddressesOfTheInternet_Yes(string address) => Assert.True(PublicAddress.Contains(IPAddress.Parse(address)));

    [Fact]
    public void Contains_AnyAddressOfANetworkInside_No_HoweverItIsWritten()
    {
        Random random = new(3);
        foreach (IPNetwork network in _inside.Select(IPNetwork.Parse))
        {
            for (int round = 0; round < 200; round++)
            {
                IPAddress address = Within(network, random);
                Assert.True(network.Contains(address), $"{address} is not of {network}");
                Assert.False(PublicAddress.Contains(address), $"{address} of {network}");
                if (address.AddressFamily == AddressFamily.InterNetwork)
                {
                    Assert.False(PublicAddress.Contains(address.MapToIPv6()), $"{address} of {network}, mapped");
                }
            }
        }
    }

    private static IPAddress Within(IPNetwork network, Random random)
    {
        byte[] bytes = network.BaseAddress.GetAddressBytes();
        for (int bit = network.PrefixLength; bit < bytes.Length * 8; bit++)
        {
            bytes[bit / 8] |= (byte)(random.Next(2) << (7 - (bit % 8)));
        }

        return new IPAddress(bytes);
    }
}
