using System.Net;
using Mlops.Functions.Access;

namespace Mlops.Functions.Tests.Access;

public sealed class RequestLimitsTests : IDisposable
{
    private readonly RequestLimits _limits = new(new AccessOptions { RequestsPerSecond = 1, AnonymousRequestsPerSecond = 1 });

    public void Dispose() => _limits.Dispose();

    [Fact]
    public void Count_TooManyOfOneCaller_SaysHowLongToWait()
    {
        TimeSpan wait = Exhaust(() => _limits.Count("one"));
        Assert.True(wait > TimeSpan.Zero && wait <= TimeSpan.FromSeconds(1), $"{wait}");
        Assert.Null(_limits.Count("another"));
    }

    [Fact]
    public void Count_Addresses_AreApartFromCallers_AndOfVersionSixOneByNetwork()
    {
        AssertShared(n => IPAddress.Parse($"2001:db8:0:1::{n:x}"), n => IPAddress.Parse($"2001:db8:0:1:ffff::{n:x}"));
        Assert.Null(_limits.Count(IPAddress.Parse("2001:db8:0:2::1")));
        Assert.Null(_limits.Count("2001:db8:0:1::1"));
        AssertShared(n => IPAddress.Parse($"192.0.2.{n}"), n => IPAddress.Parse($"::ffff:192.0.2.{n}"));
        Assert.Null(_limits.Count(IPAddress.Parse("192.0.2.255")));
    }

    // Where the machine stands still between the two, the bucket fills again: then once more, with addresses that were not asked from before.
    private void AssertShared(Func<int, IPAddress> one, Func<int, IPAddress> other)
    {
        for (int n = 1; n <= 20; n++)
        {
            Exhaust(() => _limits.Count(one(n)));
            if (_limits.Count(other(n)) is not null)
            {
                return;
            }
        }

        Assert.Fail("An address passed though the bucket was empty.");
    }

    // A bucket of two is empty after a few tries, unless a second passes between each two of them.
    private static TimeSpan Exhaust(Func<TimeSpan?> count)
    {
        for (int i = 0; i < 10_000; i++)
        {
            if (count() is { } wait)
            {
                return wait;
            }
        }

        throw new InvalidOperationException("10,000 requests at once were let pass at a rate of one a second.");
    }
}
