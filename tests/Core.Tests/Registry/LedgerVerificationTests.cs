using Mlops.Core.Registry;

namespace Mlops.Core.Tests.Registry;

public class LedgerVerificationTests
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Of_UntouchedLedger_HoldsAndSaysHowFarItIsConfirmed()
    {
        LedgerEntry[] chain = Chain(6, "a");
        LedgerVerification verification = LedgerVerification.Of(chain, chain[^1], Anchors(chain[..4]));
        Assert.True(verification.Holds);
        Assert.Equal((6, 4, 4, chain[^1].Hash), (verification.Entries, verification.Anchors, verification.AnchoredTo, verification.Head));
    }

    [Fact]
    public void Of_NoLedger_Holds() => Assert.True(LedgerVerification.Of([], null, []).Holds);

    [Fact]
    public void Of_ChangedEntry_IsFoundByTheChain()
    {
        LedgerEntry[] chain = Chain(6, "a");
        chain[2] = chain[2] with { Actor = "somebody else" };
        Assert.Contains("entry 3", Single(LedgerVerification.Of(chain, chain[^1], [])), StringComparison.Ordinal);
    }

    [Fact]
    public void Of_LedgerCutWithItsHead_IsFoundByTheAnchorsOnly()
    {
        LedgerEntry[] chain = Chain(6, "a");
        Assert.True(LedgerVerification.Of(chain[..4], chain[3], []).Holds);
        LedgerVerification verification = LedgerVerification.Of(chain[..4], chain[3], Anchors(chain));
        Assert.Equal(2, verification.Findings.Count);
        Assert.All(verification.Findings, finding => Assert.Contains("missing", finding, StringComparison.Ordinal));
        Assert.Equal(0, verification.AnchoredTo);
    }

    [Fact]
    public void Of_LedgerCutWithoutItsHead_IsFoundByTheHead()
    {
        LedgerEntry[] chain = Chain(6, "a");
        Assert.Contains("names entry 6", Single(LedgerVerification.Of(chain[..5], chain[^1], [])), StringComparison.Ordinal);
    }

    [Fact]
    public void Of_LedgerWrittenAnewWithRightHashes_IsFoundByTheAnchorsOnly()
    {
        LedgerEntry[] forged = Chain(6, "b");
        Assert.True(LedgerVerification.Of(forged, forged[^1], Anchors(forged)).Holds);
        LedgerVerification verification = LedgerVerification.Of(forged, forged[^1], [.. Anchors(Chain(6, "a")), .. Anchors(forged)]);
        Assert.Equal(6, verification.Findings.Count);
        Assert.Contains("written anew", verification.Findings[0], StringComparison.Ordinal);
    }

    [Fact]
    public void Of_ThousandFindings_TellsTwenty() =>
        Assert.Equal(LedgerVerification.MaxFindings, LedgerVerification.Of([], null, Anchors(Chain(1000, "a"))).Findings.Count);

    private static string Single(LedgerVerification verification) => Assert.Single(verification.Findings);

    private static LedgerAnchor[] Anchors(IEnumerable<LedgerEntry> entries) => [.. entries.Select(entry => new LedgerAnchor(entry.Sequence, entry.Hash, entry.Time))];

    private static LedgerEntry[] Chain(int length, string detail)
    {
        LedgerEntry[] chain = new LedgerEntry[length];
        for (int i = 0; i < length; i++)
        {
            chain[i] = LedgerEntry.After(i == 0 ? null : chain[i - 1], Start.AddMinutes(i), "pipeline", "register", detail);
        }

        return chain;
    }
}
