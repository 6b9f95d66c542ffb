using System.Collections.Concurrent;
using Mlops.Core.Access;
using Mlops.Storage.Access;

namespace Mlops.Functions.Access;

/// <summary>
/// Finds out whose a token is. What was read from storage is trusted for half a minute, so a revoked token is worthless on every instance after that, and at once on the one
/// that revoked it.
/// </summary>
public sealed class TokenVerifier(TokenStore store, TimeProvider time)
{
    /// <summary>How long a token that was read is trusted.</summary>
    public static readonly TimeSpan Trust = TimeSpan.FromSeconds(30);

    /// <summary>How often the last use of a token is written at most, per instance.</summary>
    public static readonly TimeSpan UseInterval = TimeSpan.FromMinutes(10);

    // Tokens that exist, at most TokenStore.MaximumTokens and what was created since: guesses leave nothing here.
    private readonly ConcurrentDictionary<string, Known> _known = new(StringComparer.Ordinal);

    // Nobody takes a revocation back. A request that read the token before may still be about to remember it.
    private readonly ConcurrentDictionary<string, bool> _revoked = new(StringComparer.Ordinal);
    private long _listed;

    /// <summary>
    /// Whether a token exists and its secret is right, as far as is known here: such a caller is no guesser, whatever address it shares with one. Asks storage for
    /// all tokens at once, at most every half minute, however many are shown.
    /// </summary>
    public async ValueTask<bool> IsProvenAsync(AccessToken shown, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(shown);
        if (IsKnown(shown))
        {
            return true;
        }

        DateTimeOffset now = time.GetUtcNow();
        long listed = Volatile.Read(ref _listed);
        if (now.UtcTicks - listed < Trust.Ticks || Interlocked.CompareExchange(ref _listed, now.UtcTicks, listed) != listed)
        {
            return false;
        }

        try
        {
            foreach (KeptToken kept in (await store.ListKeptAsync(cancellationToken)).Where(kept => kept.Token.IsValid(now)))
            {
                Remember(new Known(kept, now));
            }
        }
        catch
        {
            Volatile.Write(ref _listed, listed);
            throw;
        }

        return IsKnown(shown);
    }

    /// <summary>The caller that a token speaks for, or null when it is unknown, wrong, expired or revoked: which of these, nobody is told.</summary>
    public async Task<Caller?> FindAsync(AccessToken shown, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(shown);
        DateTimeOffset now = time.GetUtcNow();
        if (_known.TryGetValue(shown.Id, out Known? known) && !known.Kept.IsShownBy(shown))
        {
            // The secret of an id never changes: no need to ask storage about a guess.
            return null;
        }

        if (known is null || now - known.ReadAt >= Trust)
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

        if (_revoked.ContainsKey(shown.Id) || !known.Kept.Token.IsValid(now) || !ModelScope.TryParse(known.Kept.Token.Models, out ModelScope? models, out _))
        {
            _known.TryRemove(shown.Id, out _);
            return null;
        }

        known = Remember(known);
        if (known.IsUseToBeWritten(now))
        {
            await store.MarkUsedAsync(shown.Id, cancellationToken);
        }

        return new Caller($"token {shown.Id} ({known.Kept.Token.Name})", known.Kept.Token.Role, models);
    }

    /// <summary>A token was created here: the next one that is not known has all of them read again.</summary>
    public void Created() => Volatile.Write(ref _listed, 0);

    /// <summary>A token was revoked: it opens nothing here from now on.</summary>
    public void Revoke(string id)
    {
        _revoked[id] = true;
        _known.TryRemove(id, out _);
    }

    private bool IsKnown(AccessToken shown) => _known.TryGetValue(shown.Id, out Known? known) && known.Kept.IsShownBy(shown);

    // Of requests that came at once, all go on with one of the records they read, and with when its use was last written.
    private Known Remember(Known read) => _known.AddOrUpdate(read.Kept.Token.Id, read, (_, other) => other.ReadAt >= read.ReadAt ? other : read);

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
