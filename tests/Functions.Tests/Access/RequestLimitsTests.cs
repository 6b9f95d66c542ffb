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
        Exhaust(() => _limits.Count(IPAddress.Parse("2001:db8:0:1::1")));
        Assert.NotNull(_limits.Count(IPAddress.Parse("2001:db8:0:1:ffff::2")));
        Assert.Null(_limits.Count(IPAddress.Parse("2001:db8:0:2::1")));
        Assert.Null(_limits.Count("2001:db8:0:1::1"));
        Exhaust(() => _limits.Count(IPAddress.Parse("192.0.2.1")));
        Assert.NotNull(_limits.Count(IPAddress.Parse("::ffff:192.0.2.1")));
        Assert.Null(_limits.Count(IPAddress.Parse("192.0.2.2")));
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
