using System.Collections.Concurrent;
using Mlops.Core.Access;
using Mlops.Storage.Access;

namespace Mlops.Functions.Access;

/// <summary>Finds out whose a token is. What was read from storage is trusted for half a minute, so a revoked token is worthless on every instance after that, and at once on the one that revoked it.</summary>
public sealed class TokenVerifier(TokenStore store, TimeProvider time)
{
    /// <summary>How long a token that was read is trusted.</summary>
    public static readonly TimeSpan Trust = TimeSpan.FromSeconds(30);

    /// <summary>How often the last use of a token is written at most, per instance.</summary>
    public static readonly TimeSpan UseInterval = TimeSpan.FromMinutes(10);

    // Holds tokens whose secret was shown, so at most as many as exist: guesses leave nothing here.
    private readonly ConcurrentDictionary<string, Known> _known = new(StringComparer.Ordinal);

    /// <summary>Whether a token was right when it was last shown here. Such a caller is no guesser, however long ago that was.</summary>
    public bool IsProven(AccessToken shown)
    {
        ArgumentNullException.ThrowIfNull(shown);
        return _known.TryGetValue(shown.Id, out Known? known) && known.Kept.IsShownBy(shown);
    }

    /// <summary>The caller that a token speaks for, or null when it is unknown, wrong, expired or revoked: which of these, nobody is told.</summary>
    public async Task<Caller?> FindAsync(AccessToken shown, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(shown);
        DateTimeOffset now = time.GetUtcNow();
        if (!_known.TryGetValue(shown.Id, out Known? known) || now - known.ReadAt >= Trust)
        {
            if (await store.FindAsync(shown.Id, cancellationToken) is not { } kept)
            {
                // As much work as for a token that exists.
                shown.Matches([], []);
                _known.TryRemove(shown.Id, out _);
                return null;
            }

            known = new Known(kept, now);
        }

        if (!known.Kept.IsShownBy(shown))
        {
            return null;
        }

        if (!known.Kept.Token.IsValid(now) || !ModelScope.TryParse(known.Kept.Token.Models, out ModelScope? models, out _))
        {
            _known.TryRemove(shown.Id, out _);
            return null;
        }

        // Of requests that came at once, all go on with one of the records they read.
        known = _known.AddOrUpdate(shown.Id, known, (_, other) => other.ReadAt >= known.ReadAt ? other : known);
        if (known.IsUseToBeWritten(now))
        {
            await store.MarkUsedAsync(shown.Id, cancellationToken);
        }

        return new Caller($"token {shown.Id} ({known.Kept.Token.Name})", known.Kept.Token.Role, models);
    }

    /// <summary>Looks into storage again at the next use.</summary>
    public void Forget(string id) => _known.TryRemove(id, out _);

    private sealed class Known(KeptToken kept, DateTimeOffset readAt)
    {
        private long _used = (kept.Token.LastUsed ?? DateTimeOffset.MinValue).UtcTicks;

        public KeptToken Kept { get; } = kept;

        public DateTimeOffset ReadAt { get; } = readAt;

        // True for one of any number of callers at once.
        public bool IsUseToBeWritten(DateTimeOffset now)
        {
            long before = Volatile.Read(ref _used);
            return now.UtcTicks - before >= UseInterval.Ticks && Interlocked.CompareExchange(ref _used, now.UtcTicks, before) == before;
        }
    }
}
