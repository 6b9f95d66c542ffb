using FsCheck;
using FsCheck.Fluent;
using Mlops.Core.Data;

namespace Mlops.Core.Tests.Data;

public class RowHashTests
{
    private static readonly DataTable _table = new(
    [
        new NumericColumn("n", [1, 2.5, double.NaN, 0]),
        new NumericColumn("t", [0, 86400, double.NaN, 0], ColumnKind.Timestamp),
        TextColumn.From("s", ["x", "é", null, "x"]),
    ]);

    // Golden: the algorithm is a contract, since splits of stored datasets depend on it. RowHash.py beside this file gives the same.
    [Fact]
    public void Of_KnownTable_IsTheDocumentedHash() =>
        Assert.Equal([0x267131CD1DB03E9D, 0x4F098B1AC128B31F, 0xE220A8397B1DCDAF, 0xF64E1CF4AAE15715], RowHash.Of(_table));

    [Fact]
    public void Of_ColumnsInAnotherOrder_IsTheSame() => Assert.Equal(RowHash.Of(_table), RowHash.Of(new DataTable([.. _table.Columns.Reverse()])));

    [Fact]
    public void Of_RowsTaken_FollowTheRows()
    {
        ulong[] all = RowHash.Of(_table);
        Assert.Equal([all[2], all[0], all[0], all[1]], RowHash.Of(_table.Take([2, 0, 0, 1])));
    }

    [Fact]
    public void Of_AnEmptyColumnMore_IsTheSame() =>
        Assert.Equal(RowHash.Of(_table), RowHash.Of(new DataTable([.. _table.Columns, TextColumn.From("extra", [null, null, null, null])])));

    [Fact]
    public void Of_IntegersOrNumbers_IsTheSame() =>
        Assert.Equal(RowHash.Of(new DataTable([new NumericColumn("a", [3, -0.0])])), RowHash.Of(new DataTable([new NumericColumn("a", [3, 0], ColumnKind.Integer)])));

    [Fact]
    public void Of_SwappedValues_Differ()
    {
        ulong[] hashes = RowHash.Of(new DataTable([TextColumn.From("a", ["x", "y"]), TextColumn.From("b", ["y", "x"])]));
        Assert.NotEqual(hashes[0], hashes[1]);
    }

    [Fact]
    public void Of_NumberAndItsText_Differ() =>
        Assert.NotEqual(RowHash.Of(new DataTable([new NumericColumn("a", [3])])), RowHash.Of(new DataTable([TextColumn.From("a", ["3"])])));

    [Fact]
    public void Of_AMillionDifferentRows_HasNoCollision()
    {
        double[] values = [.. Enumerable.Range(0, 1_000_000).Select(i => (double)i)];
        Assert.Equal(values.Length, RowHash.Of(new DataTable([new NumericColumn("a", values, ColumnKind.Integer), new NumericColumn("b", [.. values.Select(v => v / 8)])])).Distinct().Count());
    }

    [Fact]
    public void By_AnyTable_PartitionsTheRows()
    {
        Prop.ForAll(ArbMap.Default.ArbFor<ulong[]>(), ArbMap.Default.ArbFor<ulong>(), (hashes, seed) =>
        {
            (int[] train, int[] holdout) = StableSplit.By(hashes, 0.3, seed);
            return train.Concat(holdout).Order().SequenceEqual(Enumerable.Range(0, hashes.Length))
                && train.SequenceEqual(train.Order()) && holdout.SequenceEqual(holdout.Order());
        }).MustHold();
    }

    [Fact]
    public void By_MoreRows_NeverMovesARow()
    {
        Prop.ForAll(ArbMap.Default.ArbFor<ulong[]>(), ArbMap.Default.ArbFor<ulong[]>(), (first, more) =>
        {
            HashSet<ulong> held = [.. StableSplit.By(first, 0.3, 42).Holdout.Select(r => first[r])];
            ulong[] all = [.. more, .. first];
            HashSet<ulong> heldOfAll = [.. StableSplit.By(all, 0.3, 42).Holdout.Select(r => all[r])];
            return first.All(h => held.Contains(h) == heldOfAll.Contains(h));
        }).MustHold();
    }

    [Fact]
    public void By_LargerFraction_KeepsTheHeldOut()
    {
        ulong[] hashes = RowHash.Of(Numbers(1000));
        Assert.Subset(StableSplit.By(hashes, 0.4, 1).Holdout.ToHashSet(), StableSplit.By(hashes, 0.2, 1).Holdout.ToHashSet());
    }

    [Theory]
    [InlineData(0.0)]
    [InlineData(0.2)]
    [InlineData(0.5)]
    [InlineData(1.0)]
    public void By_ManyRows_HoldsOutTheFraction(double fraction)
    {
        const int Rows = 100_000;
        int held = StableSplit.By(RowHash.Of(Numbers(Rows)), fraction, 42).Holdout.Length;

        // Five standard errors of a binomial share.
        Assert.InRange(held, (Rows * fraction) - (5 * Math.Sqrt(Rows * fraction * (1 - fraction))), (Rows * fraction) + (5 * Math.Sqrt(Rows * fraction * (1 - fraction))));
    }

    [Fact]
    public void By_AnotherSeed_IsIndependent()
    {
        ulong[] hashes = RowHash.Of(Numbers(100_000));
        int both = StableSplit.By(hashes, 0.5, 1).Holdout.Intersect(StableSplit.By(hashes, 0.5, 2).Holdout).Count();
        Assert.InRange(both, 25_000 - (5 * 137), 25_000 + (5 * 137));
    }

    [Theory]
    [InlineData(-0.1)]
    [InlineData(1.1)]
    [InlineData(double.NaN)]
    public void By_FractionOutsideRange_Throws(double fraction) => Assert.Throws<ArgumentOutOfRangeException>(() => StableSplit.By([1UL], fraction, 1));

    [Fact]
    public void Folds_ManyRows_AreEvenAndIndependentOfTheHoldout()
    {
        ulong[] hashes = RowHash.Of(Numbers(100_000));
        int[] folds = StableSplit.Folds(hashes, 5, 42);
        int[] train = StableSplit.By(hashes, 0.2, 42).Train;
        for (int fold = 0; fold < 5; fold++)
        {
            Assert.InRange(folds.Count(f => f == fold), 20_000 - (5 * 127), 20_000 + (5 * 127));
            Assert.InRange(train.Count(r => folds[r] == fold), (train.Length / 5) - (5 * 114), (train.Length / 5) + (5 * 114));
        }
    }

    [Fact]
    public void Folds_EqualRows_StayTogether()
    {
        int[] folds = StableSplit.Folds([7, 8, 7, 9, 8, 7], 4, 3);
        Assert.Equal((folds[0], folds[0], folds[1]), (folds[2], folds[5], folds[4]));
    }

    private static DataTable Numbers(int rows) => new([new NumericColumn("a", [.. Enumerable.Range(0, rows).Select(i => (double)i)])]);
}
