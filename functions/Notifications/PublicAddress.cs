using System.Net;
using System.Net.Sockets;

namespace Mlops.Functions.Notifications;

/// <summary>Which IP addresses belong to the public internet, by the special-purpose registries of IANA. Everything else is somebody's inside: this machine, its network, its cloud.</summary>
internal static class PublicAddress
{
    private static readonly IPNetwork[] _notPublic =
    [
        .. ((string[])
        [
            "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24", "192.31.196.0/24",
            "192.52.193.0/24", "192.88.99.0/24", "192.168.0.0/16", "192.175.48.0/24", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/3",
            // The address at which an Azure host answers its virtual machines.
            "168.63.129.16/32",
            // Within the unicast space of version 6: addresses that carry one of version 4, and addresses for documents.
            "2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20",
        ]).Select(IPNetwork.Parse),
    ];

    private static readonly IPNetwork _globalUnicast = IPNetwork.Parse("2000::/3");

    /// <summary>Whether anybody on the internet could reach this address.</summary>
    public static bool Contains(IPAddress address)
    {
        IPAddress plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        return (plain.AddressFamily == AddressFamily.InterNetwork || _globalUnicast.Contains(plain)) && !_notPublic.Any(network => network.Contains(plain));
    }
}
