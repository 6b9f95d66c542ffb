using Mlops.Core.Data;

namespace Mlops.Core.Tests.Data;

public class TableTests
{
    [Fact]
    public void Concat_OtherOrderAndMissingColumns_AlignsByName()
    {
        DataTable a = new([new NumericColumn("n", [1, 2], ColumnKind.Integer), TextColumn.From("s", ["x", "y"])]);
        DataTable b = new([TextColumn.From("s", ["y", "z"]), TextColumn.From("extra", ["e", null])]);
        DataTable all = Tables.Concat([a, b]);

        Assert.Equal(["n", "s", "extra"], all.Columns.Select(c => c.Name));
        Assert.Equal(["1", "2", null, null], all["n"].Texts());
        Assert.Equal(["x", "y", "y", "z"], all["s"].Texts());
        Assert.Equal([null, null, "e", null], all["extra"].Texts());
    }

    [Theory]
    [InlineData(ColumnKind.Integer, ColumnKind.Integer, ColumnKind.Integer)]
    [InlineData(ColumnKind.Integer, ColumnKind.Number, ColumnKind.Number)]
    [InlineData(ColumnKind.Number, ColumnKind.Integer, ColumnKind.Number)]
    [InlineData(ColumnKind.Timestamp, ColumnKind.Timestamp, ColumnKind.Timestamp)]
    [InlineData(ColumnKind.Timestamp, ColumnKind.Number, ColumnKind.Text)]
    [InlineData(ColumnKind.Integer, ColumnKind.Text, ColumnKind.Text)]
    public void Concat_KindsThatDiffer_MeetInOneThatHoldsBoth(ColumnKind a, ColumnKind b, ColumnKind expected) =>
        Assert.Equal(expected, Tables.Concat([new DataTable([One(a)]), new DataTable([One(b)])])["c"].Kind);

    [Theory]
    [InlineData(ColumnKind.Text)]
    [InlineData(ColumnKind.Timestamp)]
    public void Concat_ColumnWithoutValues_TakesTheOthersKind(ColumnKind kind)
    {
        DataTable empty = new([new NumericColumn("c", [double.NaN])]);
        Assert.Equal(kind, Tables.Concat([empty, new DataTable([One(kind)])])["c"].Kind);
        Assert.Equal(kind, Tables.Concat([new DataTable([One(kind)]), empty])["c"].Kind);
        Assert.Equal(ColumnKind.Number, Tables.Concat([empty, empty])["c"].Kind);
    }

    [Fact]
    public void Concat_NumbersIntoText_KeepsTheirCanonicalText()
    {
        DataTable all = Tables.Concat([new DataTable([new NumericColumn("c", [1.5, double.NaN])]), new DataTable([TextColumn.From("c", ["1.5", "x"])])]);
        Assert.Equal(["1.5", null, "1.5", "x"], all["c"].Texts());
        Assert.Equal(2, ((TextColumn)all["c"]).Dictionary.Count);
    }

    [Fact]
    public void Concat_Parts_HashAsTheirRows()
    {
        DataTable a = new([new NumericColumn("n", [1, 2], ColumnKind.Integer), TextColumn.From("s", ["x", null])]);
        DataTable b = new([TextColumn.From("s", ["y"]), new NumericColumn("n", [2.5])]);
        Assert.Equal([.. RowHash.Of(a), .. RowHash.Of(b)], RowHash.Of(Tables.Concat([a, b])));
    }

    [Fact]
    public void Concat_OneTable_IsThatTable()
    {
        DataTable table = new([One(ColumnKind.Text)]);
        Assert.Same(table, Tables.Concat([table]));
    }

    [Theory]
    [InlineData(9007199254740992, "9007199254740992")]
    [InlineData(-1e15, "-1000000000000000")]
    [InlineData(-0.0, "0")]
    public void Text_OfIntegers_HasNoExponent(double value, string expected) => Assert.Equal(expected, new NumericColumn("c", [value], ColumnKind.Integer).Text(0));

    private static Column One(ColumnKind kind) => kind == ColumnKind.Text ? TextColumn.From("c", ["x"]) : new NumericColumn("c", [1], kind);
}
