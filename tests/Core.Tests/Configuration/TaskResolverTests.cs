using Mlops.Core.Configuration;
using Mlops.Core.Data;
using Mlops.Core.Learning;
using Mlops.Core.Tests.Data;

namespace Mlops.Core.Tests.Configuration;

public class TaskResolverTests
{
    private static readonly NumericColumn _feature = new("x", [.. Enumerable.Range(0, 200).Select(i => i * 0.5)]);

    [Theory]
    [InlineData("target")]
    [InlineData("Label")]
    [InlineData("Y")]
    public void Resolve_ConventionalName_IsTheTarget(string name) =>
        Assert.Equal(name, TaskResolver.Resolve(new DataTable([Text(name, i => i % 2 == 0 ? "a" : "b"), _feature]), ModelConfiguration.Default).Task!.Target);

    [Fact]
    public void Resolve_NoConventionalName_TakesTheLastColumnNotIgnored()
    {
        DataTable table = new([_feature, Number("price", i => i * 1.5), Text("note", i => $"n{i}")]);
        TaskResolution resolution = TaskResolver.Resolve(table, new ModelConfiguration { Ignore = ["note"] });
        Assert.Equal((TaskKind.Regression, "price"), (resolution.Task!.Kind, resolution.Task.Target));
        Assert.Equal(["x"], resolution.Task.Features);
        Assert.Equal("ignored by model.yaml", resolution.DroppedColumns["note"]);
    }

    [Fact]
    public void Resolve_ConfiguredTarget_Wins() =>
        Assert.Equal("x", TaskResolver.Resolve(new DataTable([_feature, Number("target", i => i * i)]), new ModelConfiguration { Target = "x" }).Task!.Target);

    [Fact]
    public void Resolve_TextTarget_IsClassificationWithOrdinalClasses()
    {
        LearningTask task = TaskResolver.Resolve(With(Text("target", i => i % 3 == 0 ? "b" : i % 3 == 1 ? "B" : "a")), ModelConfiguration.Default).Task!;
        Assert.Equal(TaskKind.MultiClass, task.Kind);
        Assert.Equal(["B", "a", "b"], task.Classes);
    }

    [Theory]
    [InlineData(2, TaskKind.Binary)]
    [InlineData(3, TaskKind.MultiClass)]
    [InlineData(20, TaskKind.MultiClass)]
    [InlineData(21, TaskKind.Regression)]
    public void Resolve_WholeNumbers_AreClassesWhenFewAndFrequent(int distinct, TaskKind expected) =>
        Assert.Equal(expected, TaskResolver.Resolve(With(Number("target", i => i % distinct, ColumnKind.Integer)), ModelConfiguration.Default).Task!.Kind);

    [Fact]
    public void Resolve_FewButRareWholeNumbers_AreRegression()
    {
        DataTable table = new([new NumericColumn("x", [.. Enumerable.Range(0, 60).Select(i => (double)i)]), new NumericColumn("target", [.. Enumerable.Range(0, 60).Select(i => i % 10.0)], ColumnKind.Integer)]);
        Assert.Equal(TaskKind.Regression, TaskResolver.Resolve(table, ModelConfiguration.Default).Task!.Kind);
    }

    [Fact]
    public void Resolve_TwoRealNumbers_AreBinary() =>
        Assert.Equal(["0.5", "1"], TaskResolver.Resolve(With(Number("target", i => i % 2 == 0 ? 0.5 : 1)), ModelConfiguration.Default).Task!.Classes);

    [Fact]
    public void Resolve_ConfiguredTask_Wins()
    {
        DataTable table = With(Number("target", i => i % 3, ColumnKind.Integer));
        Assert.Equal(TaskKind.Regression, TaskResolver.Resolve(table, new ModelConfiguration { Task = TaskChoice.Regression }).Task!.Kind);
        DataTable real = With(Number("target", i => (i % 30) + 0.5));
        Assert.Equal(30, TaskResolver.Resolve(real, new ModelConfiguration { Task = TaskChoice.Classification }).Task!.Classes.Count);
    }

    [Fact]
    public void Resolve_MissingTargets_AreDroppedAndCounted()
    {
        DataTable table = With(Text("target", i => i % 10 == 0 ? null : i % 2 == 0 ? "a" : "b"));
        TaskResolution resolution = TaskResolver.Resolve(table, ModelConfiguration.Default);
        Assert.Equal(20, resolution.DroppedRows);
        Assert.DoesNotContain(0, resolution.Rows);
        Assert.DoesNotContain(null, resolution.Select(table)["target"].Texts());
        Assert.Equal(180, resolution.Select(table).RowCount);
    }

    [Fact]
    public void Resolve_AllTargetsPresent_SelectsTheSameTable()
    {
        DataTable table = With(Text("target", i => i % 2 == 0 ? "a" : "b"));
        Assert.Same(table, TaskResolver.Resolve(table, ModelConfiguration.Default).Select(table));
    }

    [Fact]
    public void Resolve_ClassInOneRow_IsLeftOutWithAWarning()
    {
        TaskResolution resolution = TaskResolver.Resolve(With(Text("target", i => i == 7 ? "typo" : i % 2 == 0 ? "a" : "b")), ModelConfiguration.Default);
        Assert.Equal(["a", "b"], resolution.Task!.Classes);
        Assert.Equal(1, resolution.DroppedRows);
        Assert.Equal((Severity.Warn, true), (Assert.Single(resolution.Problems).Severity, resolution.Problems[0].Found.Contains("'typo'")));
    }

    [Fact]
    public void Resolve_AbsentTarget_Blocks() => Assert.Contains("no such column", Blocked(With(Text("target", _ => "a")), new ModelConfiguration { Target = "gone" }).Found);

    [Theory]
    [InlineData("a")]
    [InlineData(null)]
    public void Resolve_ConstantOrMissingTarget_Blocks(string? value) => Blocked(With(Text("target", _ => value)), ModelConfiguration.Default);

    [Fact]
    public void Resolve_ConstantNumber_Blocks() => Assert.Contains("'5'", Blocked(With(Number("target", _ => 5)), ModelConfiguration.Default).Found);

    [Fact]
    public void Resolve_EveryClassInOneRow_Blocks() => Assert.Contains("0 classes", Blocked(With(Text("target", i => $"id{i}")), ModelConfiguration.Default).Found);

    [Fact]
    public void Resolve_OneClassAndSingleRows_Blocks() => Assert.Contains("1 class with", Blocked(With(Text("target", i => i < 190 ? "a" : $"id{i}")), ModelConfiguration.Default).Found);

    [Fact]
    public void Resolve_TooManyClasses_Blocks()
    {
        DataTable table = new([new NumericColumn("x", [.. Enumerable.Range(0, 4004).Select(i => (double)i)]), TextColumn.From("target", Enumerable.Range(0, 4004).Select(i => $"c{i / 4}"))]);
        Assert.Contains("1,001 classes", Blocked(table, ModelConfiguration.Default).Found);
    }

    [Fact]
    public void Resolve_RegressionOnText_Blocks() => Assert.Contains("text", Blocked(With(Text("target", i => i % 2 == 0 ? "a" : "b")), new ModelConfiguration { Task = TaskChoice.Regression }).Found);

    [Fact]
    public void Resolve_UselessColumns_AreNoFeatures()
    {
        DataTable table = new(
        [
            Text("id", i => $"u{i}"),
            Text("mostly", i => i < 5 ? "same" : $"m{i}"),
            Number("constant", _ => 3),
            Text("word", _ => "w"),
            Number("empty", _ => double.NaN),
            Number("flag", i => i % 3 == 0 ? 1 : double.NaN),
            Text("category", i => $"c{i % 50}"),
            _feature,
            Text("target", i => i % 2 == 0 ? "a" : "b"),
        ]);
        TaskResolution resolution = TaskResolver.Resolve(table, ModelConfiguration.Default);
        Assert.Equal(["flag", "category", "x"], resolution.Task!.Features);
        Assert.Equal(["id", "mostly", "constant", "word", "empty"], resolution.DroppedColumns.Keys);
        Assert.All(resolution.DroppedColumns.Values, Assert.NotEmpty);
    }

    [Fact]
    public void Resolve_NoFeature_Blocks() => Assert.Contains("no column to predict from", Blocked(new DataTable([Number("constant", _ => 1), Text("target", i => i % 2 == 0 ? "a" : "b")]), ModelConfiguration.Default).Found);

    [Fact]
    public void Resolve_EverythingIgnored_Blocks() => Blocked(With(Text("other", _ => "a")), new ModelConfiguration { Ignore = ["x", "other"] });

    private static DataProblem Blocked(DataTable table, ModelConfiguration configuration)
    {
        TaskResolution resolution = TaskResolver.Resolve(table, configuration);
        Assert.Null(resolution.Task);
        return Assert.Single(resolution.Problems, p => p.Severity == Severity.Block);
    }

    private static DataTable With(Column target) => new([_feature, target]);

    private static TextColumn Text(string name, Func<int, string?> value) => TextColumn.From(name, Enumerable.Range(0, 200).Select(value));

    private static NumericColumn Number(string name, Func<int, double> value, ColumnKind kind = ColumnKind.Number) => new(name, [.. Enumerable.Range(0, 200).Select(value)], kind);
}
