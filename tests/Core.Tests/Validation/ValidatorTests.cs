using System.Globalization;
using Mlops.Core.Configuration;
using Mlops.Core.Data;
using Mlops.Core.Tests.Data;
using Mlops.Core.Validation;

namespace Mlops.Core.Tests.Validation;

public class ValidatorTests
{
    private static readonly ModelConfiguration _default = ModelConfiguration.Default;

    [Fact]
    public async Task Check_FirstGoodBatch_Passes()
    {
        ValidationReport report = Validator.Check(await Batches.Csv(Good()), null, _default);
        Assert.Empty(report.Problems);
        Assert.Equal((Verdict.Pass, 200), (report.Verdict, report.Rows));
    }

    [Fact]
    public async Task Check_SameBatchAgainstItsContract_Passes() => Assert.Equal(Verdict.Pass, (await Against(Good())).Verdict);

    [Fact]
    public async Task Check_UnreadableFile_Blocks()
    {
        ValidationReport report = Validator.Check(await Batches.Csv(""), null, _default);
        Assert.Equal((Verdict.Block, 0), (report.Verdict, report.Rows));
        Assert.Single(report.Problems);
    }

    [Fact]
    public async Task Check_TooFewRows_Blocks() => Blocks(await Against(Good(rows: 19)), null, "19 rows");

    [Fact]
    public async Task Check_FewUnreadableRows_WarnsAndManyBlock()
    {
        ValidationReport few = await Against(Good() + "1\n2\n");
        Assert.Equal((Verdict.Warn, 2), (few.Verdict, few.SkippedRows));
        Assert.Equal([201, 202], few.Problems.Select(p => p.Row!.Value));

        ValidationReport many = await Against(Good() + string.Concat(Enumerable.Repeat("bad\n", 20)));
        Blocks(many, null, "20 of 220 rows");
    }

    [Fact]
    public async Task Check_ManyBadRows_ShowsTheFirstTwenty()
    {
        ValidationReport report = await Against(Good(row: (i, cells) => i % 4 == 3 ? [.. cells[..1], "abc", .. cells[2..]] : cells));

        Blocks(report, "age", "50 of 200 values");
        Assert.Equal(Enumerable.Range(1, 20).Select(i => i * 4), report.Problems.Where(p => p.Row is not null).Select(p => p.Row!.Value));
        Assert.All(report.Problems.Where(p => p.Row is not null), p => Assert.Equal(("age", "'abc'", p.Row + 1), (p.Column, p.Found, p.Line)));
        Assert.Equal(50, report.ProblemsByColumn["age"]);
    }

    [Fact]
    public async Task Check_FewBadValues_Warn()
    {
        ValidationReport report = await Against(Good(row: (i, cells) => i == 9 ? [.. cells[..1], "abc", .. cells[2..]] : cells));
        Assert.Equal(Verdict.Warn, report.Verdict);
        Assert.Equal((10, "age"), (Assert.Single(report.Problems).Row!.Value, report.Problems[0].Column));
    }

    [Fact]
    public async Task Check_MissingColumn_Blocks() => Blocks(await Against(Good().Replace("age,", "years,", StringComparison.Ordinal)), "age", "no such column");

    [Fact]
    public async Task Check_ColumnInOtherLetterCase_BlocksWithTheRemedy()
    {
        DataProblem problem = Blocks(await Against(Good().Replace("age,", "Age,", StringComparison.Ordinal)), "age", "'Age'");
        Assert.Equal("Rename it.", problem.Remedy);
    }

    [Fact]
    public async Task Check_MissingColumnThatIsIgnored_Passes() =>
        Assert.Equal(Verdict.Warn, (await Against(Good().Replace("age,", "years,", StringComparison.Ordinal), _default with { Ignore = ["age", "years"] })).Verdict);

    [Fact]
    public async Task Check_ExtraColumn_Warns()
    {
        ValidationReport report = await Against(Good(row: (i, cells) => [$"{i % 7}", .. cells], header: "extra,id,age,city,target"));
        Warns(report, "extra", "did not have");
    }

    [Theory]
    [InlineData(100, Verdict.Pass)]
    [InlineData(130, Verdict.Warn)]
    [InlineData(100000, Verdict.Warn)]
    public async Task Check_OneValueOutsideTheRange_WarnsBeyondTheMargin(int age, Verdict expected) =>
        Assert.Equal(expected, (await Against(Good(row: (i, cells) => i == 5 ? [.. cells[..1], $"{age}", .. cells[2..]] : cells))).Verdict);

    [Fact]
    public async Task Check_ManyValuesFarOutside_BlockAsAnotherUnit()
    {
        ValidationReport report = await Against(Good(row: (i, cells) => [.. cells[..1], $"{int.Parse(cells[1], CultureInfo.InvariantCulture) * 365}", .. cells[2..]]));
        Blocks(report, "age", "far outside");
        Assert.Equal((1, "age"), (report.Problems.First(p => p.Row is not null).Row!.Value, report.Problems.First(p => p.Row is not null).Column));
    }

    [Fact]
    public async Task Check_MoreMissing_WarnsAndBlocks()
    {
        Warns(await Against(Good(row: (i, cells) => i % 4 == 0 ? [.. cells[..1], "", .. cells[2..]] : cells)), "age", "25 % of the values missing");
        Blocks(await Against(Good(row: (i, cells) => i % 4 != 0 ? [.. cells[..1], "", .. cells[2..]] : cells)), "age", "75 % of the values missing");
    }

    [Fact]
    public async Task Check_MoreMissingInFewRows_IsLeftToChance()
    {
        // 4 of 20 against none of 200 is beyond chance; 3 of 20 against 2 of 20 is not.
        DataContract small = DataContract.Infer((await Batches.Csv(Good(rows: 20, row: (i, cells) => i % 10 == 0 ? [.. cells[..1], "", .. cells[2..]] : cells))).Table!, _default);
        BatchRead read = await Batches.Csv(Good(rows: 20, row: (i, cells) => i % 4 == 0 ? [.. cells[..1], "", .. cells[2..]] : cells), Validator.KindsFor(small, _default));
        Assert.Equal(Verdict.Pass, Validator.Check(read, small, _default).Verdict);
        Warns(await Against(Good(rows: 20, row: (i, cells) => i % 4 == 0 ? [.. cells[..1], "", .. cells[2..]] : cells)), "age", "25 %");
    }

    [Theory]
    [InlineData(50, Verdict.Pass)]
    [InlineData(10, Verdict.Warn)]
    [InlineData(1, Verdict.Block)]
    public async Task Check_NewCategories_WarnAndBlockByShare(int every, Verdict expected)
    {
        ValidationReport report = await Against(Good(row: (i, cells) => i % every == 0 ? [.. cells[..2], "Atlantis", .. cells[3..]] : cells));
        Assert.Equal(expected, report.Verdict);
        if (expected != Verdict.Pass)
        {
            Assert.Contains(report.Problems, p => p is { Row: 1, Column: "city", Found: "'Atlantis'" });
        }
    }

    [Fact]
    public async Task Check_RepeatedIdentifier_Warns() => Warns(await Against(Good(row: (i, cells) => i == 8 ? ["u00003", .. cells[1..]] : cells)), "id", "1 values that repeat");

    [Fact]
    public async Task Check_RepeatedRows_Warn() => Warns(await Against(Good(rows: 100) + Good(rows: 100)["id,age,city,target\n".Length..]), null, "equal to an earlier row");

    [Fact]
    public async Task Check_FractionsWhereIntegersWere_WarnsAndBlocksWhenConfigured()
    {
        string batch = Good(row: (i, cells) => i == 6 ? [.. cells[..1], "30.5", .. cells[2..]] : cells);
        ValidationReport report = await Against(batch);
        Warns(report, "age", "with a fraction in 1 of 200");
        Assert.Contains(report.Problems, p => p is { Row: 7, Column: "age", Found: "'30.5'" });
        Blocks(await Against(batch, _default with { Types = new Dictionary<string, ColumnKind> { ["age"] = ColumnKind.Integer } }), "age", "with a fraction");
    }

    [Fact]
    public async Task Check_MuchSmallerBatch_Warns()
    {
        DataContract large = DataContract.Infer((await Batches.Csv(Good(rows: 2000))).Table!, _default);
        Warns(Validator.Check(await Batches.Csv(Good(rows: 100)), large, _default), null, "100 rows");
    }

    [Fact]
    public async Task Check_ColumnWithoutValues_WarnsAndBindsNobodyLater()
    {
        string empty = Good(row: (_, cells) => ["", .. cells[1..]]);
        Warns(Validator.Check(await Batches.Csv(empty), null, _default), "id", "no value in any row");
        DataContract contract = DataContract.Infer((await Batches.Csv(empty)).Table!, _default);
        Assert.DoesNotContain("id", contract.Kinds.Keys);
        Assert.Equal(Verdict.Pass, Validator.Check(await Batches.Csv(Good(), contract.Kinds), contract, _default).Verdict);
    }

    [Fact]
    public async Task Check_TargetProblems_BlockTheFirstBatch()
    {
        Blocks(Validator.Check(await Batches.Csv(Good(row: (_, cells) => [.. cells[..3], "yes"])), null, _default), "target", "the same target 'yes'");
        Blocks(Validator.Check(await Batches.Csv(Good(row: (_, cells) => [.. cells[..3], ""])), null, _default), "target", "without any value");
        Blocks(Validator.Check(await Batches.Csv(Good()), null, _default with { Target = "gone" }), "gone", "no such column");
    }

    [Fact]
    public async Task Check_ConstantTargetInALaterBatch_BlocksOnlyWhenTrainedAlone()
    {
        string batch = Good(row: (_, cells) => [.. cells[..3], "yes"]);
        Assert.Equal(Verdict.Pass, (await Against(batch)).Verdict);
        Blocks(await Against(batch, _default with { Training = new TrainingOptions { Data = DataScope.Newest } }), "target", "the same target");
        Blocks(await Against(Good(row: (_, cells) => [.. cells[..3], ""])), "target", "without any value");
    }

    [Fact]
    public async Task Check_SomeTargetsMissing_Warns() =>
        Warns(await Against(Good(row: (i, cells) => i % 20 == 0 ? [.. cells[..3], ""] : cells)), "target", "10 of 200 rows without a target");

    [Fact]
    public async Task Check_UnknownColumnInConfiguration_Warns() =>
        Warns(await Against(Good(), _default with { Ignore = ["cyti"] }), "cyti", "no such column");

    [Fact]
    public async Task Check_BlockedColumnThatIsIgnored_OnlyWarns()
    {
        BatchRead read = await Batches.Csv(Good(), limits: new BatchLimits { MaxDistinctText = 100 });
        Assert.Equal(Verdict.Block, Validator.Check(read, null, _default).Verdict);
        Assert.Equal(Verdict.Warn, Validator.Check(read, null, _default with { Ignore = ["id"] }).Verdict);
    }

    [Fact]
    public async Task KindsFor_ContractAndConfiguration_PrefersTheConfiguration()
    {
        DataContract contract = await Contract();
        IReadOnlyDictionary<string, ColumnKind> kinds = Validator.KindsFor(contract, _default with { Types = new Dictionary<string, ColumnKind> { ["age"] = ColumnKind.Text } });
        Assert.Equal((ColumnKind.Text, ColumnKind.Text), (kinds["age"], kinds["city"]));
        Assert.Empty(Validator.KindsFor(null, _default));
    }

    [Fact]
    public async Task Infer_GoodBatch_HoldsTheFacts()
    {
        DataContract contract = DataContract.Infer((await Batches.Csv(Good())).Table!, _default with { Ignore = ["target"] });
        Assert.Equal(["id", "age", "city"], contract.Columns.Select(c => c.Name));
        ColumnContract id = contract.Columns[0];
        ColumnContract age = contract.Columns[1];
        ColumnContract city = contract.Columns[2];
        Assert.True(id is { IsUnique: true, Categories: null, Kind: ColumnKind.Text });
        Assert.Equal((ColumnKind.Integer, 20d, 99d, 0d, false), (age.Kind, age.Minimum, age.Maximum, age.MissingFraction, age.IsUnique));
        Assert.Equal(["Bern", "Oslo", "Rome"], city.Categories);
        Assert.Equal((200, 0d), (contract.Rows, contract.DuplicateFraction));
    }

    [Fact]
    public async Task Infer_Timestamps_HaveNoRange()
    {
        DataTable table = (await Batches.Csv("t,y\n" + string.Concat(Enumerable.Range(1, 28).Select(d => $"2026-01-{d:00},{d}\n")))).Table!;
        Assert.True(DataContract.Infer(table, _default).Columns[0] is { Kind: ColumnKind.Timestamp, Minimum: null, Maximum: null });
    }

    [Fact]
    public async Task Contract_Json_RoundTrips()
    {
        DataContract contract = await Contract();
        DataContract read = DataContract.FromJson(contract.ToJson());
        Assert.Equal(contract.ToJson(), read.ToJson());
        Assert.Equal(contract.Kinds, read.Kinds);
        Assert.Throws<FormatException>(() => DataContract.FromJson("{\"rows\": 1}"));
        Assert.Throws<FormatException>(() => DataContract.FromJson("not json"));
    }

    [Fact]
    public async Task Report_Json_RoundTrips()
    {
        ValidationReport report = await Against(Good() + "1\n");
        Assert.Contains("\"verdict\": \"warn\"", report.ToJson());
        Assert.Equal(report.ToJson(), ValidationReport.FromJson(report.ToJson()).ToJson());
    }

    [Fact]
    public async Task Report_Html_EncodesWhatComesFromOutside()
    {
        const string Hostile = "<script>alert('x')</script>";
        ValidationReport report = await Against(Good(row: (i, cells) => i % 5 == 0 ? [.. cells[..1], Hostile, .. cells[2..]] : [.. cells[..2], Hostile, .. cells[3..]], header: $"id,age,city,target"));
        string html = report.ToHtml();
        Assert.DoesNotContain("<script", html);
        Assert.Contains("&lt;script&gt;", html);
        Assert.Contains("quarantine", html);
        Assert.Contains("<td>age</td>", html);
        Assert.Contains("Nothing is wrong", (await Against(Good())).ToHtml());
    }

    private static async Task<DataContract> Contract() => DataContract.Infer((await Batches.Csv(Good())).Table!, _default);

    private static async Task<ValidationReport> Against(string csv, ModelConfiguration? configuration = null)
    {
        DataContract contract = await Contract();
        BatchRead read = await Batches.Csv(csv, Validator.KindsFor(contract, configuration ?? _default));
        return Validator.Check(read, contract, configuration ?? _default);
    }

    private static DataProblem Blocks(ValidationReport report, string? column, string found)
    {
        Assert.Equal(Verdict.Block, report.Verdict);
        return Assert.Single(report.Problems, p => p.Severity == Severity.Block && p.Column == column && p.Found.Contains(found, StringComparison.Ordinal));
    }

    private static void Warns(ValidationReport report, string? column, string found)
    {
        Assert.Equal(Verdict.Warn, report.Verdict);
        Assert.Single(report.Problems, p => p.Row is null && p.Column == column && p.Found.Contains(found, StringComparison.Ordinal));
    }

    // Ages 20 … 99, three cities, distinct ids.
    private static string Good(int rows = 200, Func<int, string[], string[]>? row = null, string header = "id,age,city,target") =>
        header + "\n" + string.Concat(Enumerable.Range(0, rows).Select(i =>
        {
            string[] cells = [$"u{i:00000}", $"{20 + (i * 37 % 80)}", ((string[])["Oslo", "Rome", "Bern"])[i % 3], i * 7 % 5 < 2 ? "yes" : "no"];
            return string.Join(',', row?.Invoke(i, cells) ?? cells) + "\n";
        }));
}
