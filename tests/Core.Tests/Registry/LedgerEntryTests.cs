using Mlops.Core.Registry;

namespace Mlops.Core.Tests.Registry;

public class LedgerEntryTests
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public void FindBreak_IsNull_ForAChainThatWasNotTouched() => Assert.Null(LedgerEntry.FindBreak(Chain(50)));

    [Theory]
    [InlineData(0)]
    [InlineData(17)]
    [InlineData(49)]
    public void FindBreak_NamesTheEntry_WhoseTextWasChanged(int index)
    {
        LedgerEntry[] chain = Chain(50);
        chain[index] = chain[index] with { Detail = "something else" };
        Assert.Equal(index + 1, LedgerEntry.FindBreak(chain));
    }

    [Fact]
    public void FindBreak_NamesThePlace_WhereAnEntryWasRemoved()
    {
        LedgerEntry[] chain = Chain(10);
        Assert.Equal(5, LedgerEntry.FindBreak(chain.Where(entry => entry.Sequence != 5)));
    }

    [Fact]
    public void FindBreak_NamesTheNextEntry_WhenOneWasRewrittenWithItsHash()
    {
        LedgerEntry[] chain = Chain(10);
        chain[4] = LedgerEntry.After(chain[3], Start, "somebody", "promote", "forged");
        Assert.Equal(6, LedgerEntry.FindBreak(chain));
    }

    [Fact]
    public void Hash_Differs_WhenTextMovesBetweenFields() =>
        Assert.NotEqual(LedgerEntry.After(null, Start, "ab", "c", "d").Hash, LedgerEntry.After(null, Start, "a", "bc", "d").Hash);

    [Fact]
    public void FindBreak_Holds_AfterTheEntriesWentThroughJson()
    {
        string json = System.Text.Json.JsonSerializer.Serialize(Chain(5));
        Assert.Null(LedgerEntry.FindBreak(System.Text.Json.JsonSerializer.Deserialize<LedgerEntry[]>(json)!));
    }

    private static LedgerEntry[] Chain(int length)
    {
        LedgerEntry[] chain = new LedgerEntry[length];
        for (int i = 0; i < length; i++)
        {
            chain[i] = LedgerEntry.After(i == 0 ? null : chain[i - 1], Start.AddMinutes(i), "pipeline", "register", $"version {i}");
        }

        return chain;
    }
}
