using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Threading.RateLimiting;

namespace Mlops.Functions.Access;

/// <summary>
/// How many requests one caller, or one address, may send: a bucket each, which holds two seconds' worth and is refilled every second. Buckets
/// that have been full for a while are dropped. They are counted by instance: an app on <c>n</c> instances lets up to <c>n</c> times as many pass.
/// </summary>
public sealed class RequestLimits : IDisposable
{
    private readonly PartitionedRateLimiter<string> _callers;
    private readonly PartitionedRateLimiter<string> _addresses;

    /// <summary>Empty buckets with the rates of <paramref name="options"/>.</summary>
    public RequestLimits(AccessOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        _callers = Buckets(options.RequestsPerSecond);
        _addresses = Buckets(options.AnonymousRequestsPerSecond);
    }

    /// <summary>Counts a request of a caller.</summary>
    /// <returns>How long to wait when there were too many, else null.</returns>
    public TimeSpan? Count(string caller) => Count(_callers, caller);

    /// <summary>Counts a request of an address that has shown nothing valid.</summary>
    /// <returns>How long to wait when there were too many, else null.</returns>
    public TimeSpan? Count(IPAddress? address) => Count(_addresses, Key(address));

    /// <inheritdoc/>
    public void Dispose()
    {
        _callers.Dispose();
        _addresses.Dispose();
    }

    private static TimeSpan? Count(PartitionedRateLimiter<string> limiter, string key)
    {
        using RateLimitLease lease = limiter.AttemptAcquire(key);
        return lease.IsAcquired ? null : lease.TryGetMetadata(MetadataName.RetryAfter, out TimeSpan wait) ? wait : TimeSpan.FromSeconds(1);
    }

    private static PartitionedRateLimiter<string> Buckets(int perSecond)
    {
        TokenBucketRateLimiterOptions options = new() { TokenLimit = 2 * perSecond, TokensPerPeriod = perSecond, ReplenishmentPeriod = TimeSpan.FromSeconds(1), QueueLimit = 0, AutoReplenishment = true };
        return PartitionedRateLimiter.Create<string, string>(key => RateLimitPartition.GetTokenBucketLimiter(key, _ => options));
    }

    // One customer of a provider has 2⁶⁴ addresses of version 6, which are one address here.
    private static string Key(IPAddress? address) => address switch
    {
        null => "unknown",
        { IsIPv4MappedToIPv6: true } => address.MapToIPv4().ToString(),
        { AddressFamily: AddressFamily.InterNetworkV6 } => Convert.ToHexString(address.GetAddressBytes().AsSpan(0, 8)).ToString(CultureInfo.InvariantCulture),
        _ => address.ToString(),
    };
}
