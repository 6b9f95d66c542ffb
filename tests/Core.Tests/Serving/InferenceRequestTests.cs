using System.Text.Json;
using Mlops.Core.Data;
using Mlops.Core.Learning;
using Mlops.Core.Serving;

namespace Mlops.Core.Tests.Serving;

public class InferenceRequestTests
{
    private static readonly ModelSignature Signature = new(TaskKind.Regression, "y", [], [new("a", ColumnKind.Number), new("b", ColumnKind.Text)]);

    [Theory]
    [InlineData("[1.5,null]", "[2]")]
    [InlineData("[[1.5],[null]]", "[2,1]")]
    public void Read_Takes_FlatAndNestedData(string data, string shape)
    {
        (DataTable? table, IReadOnlyList<string> problems) = Read(
            $$"""{"inputs":[{"name":"b","shape":[2],"datatype":"BYTES","data":["x","y"]},{"name":"a","shape":{{shape}},"datatype":"FP32","data":{{data}}}]}""");
        Assert.Empty(problems);
        Assert.Equal(["a", "b"], table!.Columns.Select(column => column.Name));
        Assert.Equal("1.5", table["a"].Text(0));
        Assert.True(table["a"].IsMissing(1));
        Assert.Equal("y", table["b"].Text(1));
    }

    [Theory]
    [InlineData("""{"inputs":[]}""", "'a' is missing")]
    [InlineData("""{}""", "no 'inputs'")]
    [InlineData("""{"inputs":[{"name":"a","shape":[3],"data":[1,2]},{"name":"b","shape":[3],"data":["x","y","z"]}]}""", "found 2 values; expected 3")]
    [InlineData("""{"inputs":[{"name":"a","shape":[1],"data":[1]},{"name":"b","shape":[2],"data":["x","y"]}]}""", "found 2 rows; expected 1")]
    [InlineData("""{"inputs":[{"name":"a","shape":[1,2],"data":[1,2]},{"name":"b","shape":[1],"data":["x"]}]}""", "expected the shape")]
    [InlineData("""{"inputs":[{"name":"a","shape":[1],"data":["one"]},{"name":"b","shape":[1],"data":["x"]}]}""", "expected a number")]
    [InlineData("""{"inputs":[{"name":"a","shape":[1],"data":[1]},{"name":"b","shape":[1],"data":["x"]},{"name":"c","shape":[1],"data":[1]}]}""", "'c' is unknown")]
    [InlineData("""{"inputs":[{"name":"a","shape":[-1],"data":[]},{"name":"b","shape":[9999999],"data":[]}]}""", "1 to 1000 rows")]
    public void Read_SaysWhatIsWrong(string json, string expected)
    {
        (DataTable? table, IReadOnlyList<string> problems) = Read(json);
        Assert.Null(table);
        Assert.Contains(problems, problem => problem.Contains(expected, StringComparison.Ordinal));
    }

    // Found by chance in continuous integration: an unknown tensor's name went into the message as it came, line breaks and all.
    [Theory]
    [InlineData("""{"inputs":[{"name":"\u0000\n"}]}""")]
    [InlineData("""{"inputs":[{"name":"\u0000\n"},{"name":"\u0000\n"}]}""")]
    public void Read_RepeatsNoControlCharacter(string json) =>
        Assert.DoesNotContain(Read(json).Problems, problem => problem.Any(char.IsControl));

    private static (DataTable? Table, IReadOnlyList<string> Problems) Read(string json)
    {
        using JsonDocument document = JsonDocument.Parse(json);
        return InferenceRequest.Read(document.RootElement, Signature, 1_000);
    }
}
