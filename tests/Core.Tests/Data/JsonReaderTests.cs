using System.Text;
using Mlops.Core.Data;

namespace Mlops.Core.Tests.Data;

public class JsonReaderTests
{
    [Fact]
    public async Task Read_FlatObjects_InfersKindsAndUnitesKeys()
    {
        BatchRead read = await Batches.Json("""
            {"age": 31, "ok": true, "born": "2001-02-03", "zip": "02134", "n": "12"}

            {"age": null, "height": 1.5, "ok": false, "n": "13"}
            {"height": 1e2, "\u0061ge": 7, "zip": "say \"hi\" \ud83d\ude00"}
            """);

        Assert.Empty(read.Problems);
        DataTable table = read.Table!;
        Assert.Equal(["age", "ok", "born", "zip", "n", "height"], table.Columns.Select(c => c.Name));
        Assert.Equal([ColumnKind.Integer, ColumnKind.Text, ColumnKind.Timestamp, ColumnKind.Text, ColumnKind.Text, ColumnKind.Number], table.Columns.Select(c => c.Kind));
        Assert.Equal(["31", null, "7"], table["age"].Texts());
        Assert.Equal(["true", "false", null], table["ok"].Texts());
        Assert.Equal(["02134", null, "say \"hi\" 😀"], table["zip"].Texts());
        Assert.Equal([null, "1.5", "100"], table["height"].Texts());
    }

    [Fact]
    public async Task Read_TextOfDigitsWithAGivenKind_Converts()
    {
        BatchRead read = await Batches.Json("{\"n\": \"12\"}\n{\"n\": \"x\"}\n{\"n\": true}\n", new Dictionary<string, ColumnKind> { ["n"] = ColumnKind.Number });
        Assert.Equal(["12", null, null], read.Table!["n"].Texts());
        Assert.Equal([2, 3], read.Problems.Select(p => p.Row!.Value));
    }

    [Fact]
    public async Task Read_NestedValues_AreProblemsAndMissing()
    {
        BatchRead read = await Batches.Json("{\"a\": 1, \"b\": {\"c\": [1, 2]}, \"d\": \"x\"}\n{\"a\": [3], \"b\": 4, \"d\": {}}\n");
        Assert.Equal(["1", null], read.Table!["a"].Texts());
        Assert.Equal([null, "4"], read.Table["b"].Texts());
        Assert.Equal([(1, "b", "'{\"c\": [1, 2]}'"), (2, "a", "'[3]'"), (2, "d", "'{}'")], read.Problems.Select(p => (p.Row!.Value, p.Column!, p.Found)));
    }

    [Theory]
    [InlineData("5", "'5'")]
    [InlineData("\"text\"", "'\"text\"'")]
    [InlineData("[1,2]", "'[1,2]'")]
    [InlineData("{\"a\": 1", "not JSON")]
    [InlineData("{\"a\": 1} x", "not JSON")]
    [InlineData("{\"a\": 1}{\"a\": 2}", "not JSON")]
    [InlineData("{a: 1}", "not JSON")]
    [InlineData("{\"a\": NaN}", "not JSON")]
    [InlineData("{\"a\": 01}", "not JSON")]
    [InlineData("{\"a\": \"\\ud800\"}", "not JSON")]
    [InlineData("{\"a\": \"\u0001\"}", "not JSON")]
    [InlineData("{\"a\": \"x\\u0000y\"}", "NUL")]
    [InlineData("// comment", "'// comment'")]
    public async Task Read_LineThatIsNoObject_IsLeftOut(string line, string found)
    {
        BatchRead read = await Batches.Json($"{{\"a\": 1}}\n{line}\n{{\"a\": 3}}\n");
        DataProblem problem = Assert.Single(read.Problems);
        Assert.Equal((2, 2L), (problem.Row!.Value, problem.Line!.Value));
        Assert.Contains(found, problem.Found);
        Assert.Equal(["1", "3"], read.Table!["a"].Texts());
        Assert.Equal(3, read.FileRow(1));
    }

    [Fact]
    public async Task Read_DeepNesting_IsLeftOut()
    {
        string deep = string.Concat(Enumerable.Repeat("[", 100_000));
        BatchRead read = await Batches.Json($"{{\"a\": 1}}\n{{\"a\": {deep}\n");
        Assert.Contains("not JSON", Assert.Single(read.Problems).Found);
    }

    [Fact]
    public async Task Read_DuplicateKey_TakesTheLastWithANote()
    {
        BatchRead read = await Batches.Json("{\"a\": 1, \"b\": 0, \"a\": 2}\n{\"a\": 3, \"b\": 1}\n");
        Assert.Equal(["2", "3"], read.Table!["a"].Texts());
        Assert.Equal((1, "a", "the key twice"), (Assert.Single(read.Problems).Row!.Value, read.Problems[0].Column!, read.Problems[0].Found));
    }

    [Fact]
    public async Task Read_Array_IsRefusedWithTheRemedy() => Assert.Contains("jq", Batches.Refused(await Batches.Json("[{\"a\": 1},\n{\"a\": 2}]\n")).Remedy);

    [Theory]
    [InlineData("")]
    [InlineData("\n \n")]
    [InlineData("1\n2\n")]
    [InlineData("not json")]
    public async Task Read_NoObject_IsRefused(string text) => Batches.Refused(await Batches.Json(text));

    [Fact]
    public async Task Read_OnlyEmptyObjects_IsRefused() => Batches.Refused(await Batches.Json("{}\n{}\n"));

    [Fact]
    public async Task Read_EmptyKey_IsRefused() => Assert.Contains("empty key", Batches.Refused(await Batches.Json("{\"\": 1}\n")).Found);

    [Theory]
    [InlineData("n")]
    [InlineData("\\u006e")]
    public async Task Read_LongKey_IsRefused(string character) => Batches.Refused(await Batches.Json("{\"" + string.Concat(Enumerable.Repeat(character, 3000)) + "\": 1}\n"));

    [Fact]
    public async Task Read_MoreKeysThanColumnsAllowed_IsRefused() =>
        Assert.Contains("2,000 different keys", Batches.Refused(await Batches.Json(string.Concat(Enumerable.Range(0, 10_000).Select(i => $"{{\"k{i}\": 1}}\n")))).Found);

    [Fact]
    public async Task Read_KeySeenLate_IsMissingBefore()
    {
        BatchRead read = await Batches.Json("{\"a\": 1}\n{\"a\": 2}\n{\"a\": 3}\n{\"b\": \"x\"}\n", limits: new BatchLimits { InferenceRows = 2 });
        Assert.Empty(read.Problems);
        Assert.Equal(["1", "2", "3", null], read.Table!["a"].Texts());
        Assert.Equal([null, null, null, "x"], read.Table["b"].Texts());
    }

    [Fact]
    public async Task Read_InvalidUtf8_LeavesTheRowOut()
    {
        BatchRead read = await Batches.Read([.. "{\"a\": 1}\n{\"a\": \""u8, 0xC3, 0x28, .. "\"}\n"u8], BatchFormat.JsonLines);
        Assert.Contains("not UTF-8", Assert.Single(read.Problems).Found);
    }

    [Fact]
    public async Task Read_OneGigabyteLine_IsRefusedAfterTheFirstMegabyte()
    {
        await using GeneratedStream stream = new(1L << 30, i => i < 6 ? "{\"a\":\""u8[(int)i] : (byte)'x');
        Assert.Contains("1,048,576", Batches.Refused(await BatchReader.ReadAsync(stream, BatchFormat.JsonLines, BatchLimits.Default, null, TestContext.Current.CancellationToken)).Found);
        Assert.True(stream.Position < 4 << 20, $"{stream.Position} bytes were read");
    }

    [Fact]
    public async Task Read_EveryBufferBoundary_GivesTheSameTable()
    {
        byte[] text = Encoding.UTF8.GetBytes("{\"a\":1,\"b\":\"é😀\"}\r\n\r\n{\"a\":2,\"b\":\"\\n\"}");
        for (int size = 1; size <= text.Length; size++)
        {
            await using GeneratedStream stream = new(text.Length, i => text[i], size);
            BatchRead read = await BatchReader.ReadAsync(stream, BatchFormat.JsonLines, BatchLimits.Default, null, TestContext.Current.CancellationToken);
            Assert.Empty(read.Problems);
            Assert.Equal(["é😀", "\n"], read.Table!["b"].Texts());
        }
    }

    [Fact]
    public async Task Read_SameRowsAsCsv_HashTheSame()
    {
        DataTable csv = (await Batches.Csv("a,b,c\n1,x,2026-01-01\n2.5,,\n")).Table!;
        DataTable json = (await Batches.Json("{\"c\":\"2026-01-01\",\"a\":1,\"b\":\"x\"}\n{\"a\":2.5}\n")).Table!;
        Assert.Equal(RowHash.Of(csv), RowHash.Of(json));
    }
}
