using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Mlops.Core.Configuration;
using Mlops.Core.Data;
using Mlops.Core.Validation;

namespace Mlops.Core.Tests.Data;

/// <summary>Properties that hold for any bytes and any table.</summary>
public class ReaderFuzzTests
{
    private static readonly BatchLimits _tight = new()
    {
        MaxBytes = 4096,
        MaxColumns = 6,
        MaxRows = 50,
        MaxLineBytes = 200,
        MaxFieldLength = 20,
        MaxDistinctText = 10,
        MaxNameLength = 10,
        InferenceRows = 4,
    };

    [Theory]
    [InlineData(BatchFormat.Csv)]
    [InlineData(BatchFormat.CsvGzip)]
    [InlineData(BatchFormat.JsonLines)]
    [InlineData(BatchFormat.JsonLinesGzip)]
    public async Task Read_AnyBytes_EndsInATableOrABlockingProblem(BatchFormat format)
    {
        byte[][] pieces =
        [
            .. ((string[])["a", "b,c", "1", "-2.5", "1e999", "NA", "2026-01-01", "\"", "\"\"", ",", ";", "\t", "\n", "\r\n", "\r", "\0", "{\"a\":", "\"b\":", "}", "[", "]", "null", "\\u0000", "\\ud800", "é", "x,y,z\n", "{\"a\":1,\"b\":\"x\"}\n"])
                .Select(Encoding.UTF8.GetBytes),
            [0xFF], [0xC3], [0xEF, 0xBB, 0xBF], [0x1F, 0x8B],
        ];
        Random random = new(5);
        int tables = 0;
        for (int round = 0; round < 1000; round++)
        {
            byte[] bytes = [.. Enumerable.Range(0, random.Next(0, 40)).SelectMany(_ => pieces[random.Next(pieces.Length)])];
            if (format.IsGzip() && round % 2 == 0)
            {
                bytes = Batches.Gzip(bytes);
            }

            BatchRead read = await Batches.Read(bytes, format, null, _tight);
            Assert.Equal(read.Table is null, read.Problems.Any(p => p.Severity == Severity.Block && p.Column is null));
            Assert.InRange(read.Problems.Count, 0, read.ProblemCount);
            Assert.All(read.Problems, p => Assert.DoesNotContain('\n', p.ToString()));
            Assert.Equal(read.SkippedRows.Order().Distinct(), read.SkippedRows);
            if (read.Table is { } table)
            {
                tables++;
                Assert.True(table.RowCount > 0 && table.Columns.Count > 0);
                Assert.Equal(Enumerable.Range(1, table.RowCount + read.SkippedRows.Count).Except(read.SkippedRows).Take(table.RowCount), Enumerable.Range(0, table.RowCount).Select(read.FileRow));
                Assert.All(table.Columns.OfType<NumericColumn>(), c => Assert.DoesNotContain(c.Values.ToArray(), double.IsInfinity));
            }

            // Whatever was read can be judged and shown.
            ValidationReport report = Validator.Check(read, null, ModelConfiguration.Default);
            Assert.Equal(Verdict.Block, report.Verdict);
            Assert.StartsWith("<!DOCTYPE html>", report.ToHtml());
        }

        Assert.True(tables > 5, $"only {tables} of the texts were tables");
    }

    [Fact]
    public void Read_AnyTableWritten_IsTheSameTable()
    {
        Prop.ForAll(ArbMap.Default.ArbFor<int>(), seed =>
        {
            DataTable table = RandomTable(new Random(seed));
            BatchRead csv = Batches.Csv(Write(table), table.Columns.ToDictionary(c => c.Name, c => c.Kind)).GetAwaiter().GetResult();
            return csv.ProblemCount == 0 && RowHash.Of(table).SequenceEqual(RowHash.Of(csv.Table!))
                && csv.Table!.Columns.Select(c => (c.Name, c.Kind)).SequenceEqual(table.Columns.Select(c => (c.Name, c.Kind)));
        }).MustHold();
    }

    private static DataTable RandomTable(Random random)
    {
        int rows = random.Next(1, 30);
        string[] texts = ["x", "y z", "say \"hi\"", "a,b", "line\nbreak", "é😀", " padded ", "00123", "true"];
        return new DataTable(
        [
            new NumericColumn("number", [.. Enumerable.Range(0, rows).Select(_ => random.Next(5) == 0 ? double.NaN : (random.NextDouble() - 0.5) * Math.Pow(10, random.Next(-20, 20)))]),
            TextColumn.From("te\"xt,", Enumerable.Range(0, rows).Select(_ => random.Next(5) == 0 ? null : texts[random.Next(texts.Length)])),
            new NumericColumn("integer", [.. Enumerable.Range(0, rows).Select(_ => random.Next(5) == 0 ? double.NaN : random.NextInt64(-9007199254740992, 9007199254740992))], ColumnKind.Integer),
            new NumericColumn("time", [.. Enumerable.Range(0, rows).Select(_ => random.Next(5) == 0 ? double.NaN : random.NextInt64(-62135596800, 253402300799))], ColumnKind.Timestamp),
        ]);
    }

    private static string Write(DataTable table)
    {
        static string Quote(string text) => $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
        return string.Join(',', table.Columns.Select(c => Quote(c.Name))) + "\n"
            + string.Concat(Enumerable.Range(0, table.RowCount).Select(row => string.Join(',', table.Columns.Select(c => c.Text(row) is { } text ? Quote(text) : string.Empty)) + "\r\n"));
    }
}
