using System.Text;
using Mlops.Core.Data;

namespace Mlops.Core.Tests.Data;

public class BlockReaderTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(100)]
    [InlineData(1000)]
    public async Task ReadBlocks_AnySize_TheRowsAndProblemsOfTheWhole(int blockRows)
    {
        Random random = new(1);
        StringBuilder csv = new("whole,real,text,time,late,never\n");
        StringBuilder json = new();
        for (int row = 0; row < 500; row++)
        {
            string late = row < 300 ? string.Empty : "2026-01-02";
            csv.Append(row == 77 ? "one value too few" : $"{random.Next(100)}{(row == 350 ? ".5" : "")},{random.NextDouble():R},t{random.Next(30)},2026-03-{random.Next(1, 29):00},{late},{(row == 200 ? "\"\"" : "")}").Append('\n');
            json.Append(row == 77 ? "[]" : $"{{\"a\":{random.Next(9)},\"b\":\"x{random.Next(9)}\"{(row < 400 ? "" : ",\"c\":1.5")}}}").Append('\n');
        }

        foreach ((string text, BatchFormat format) in new[] { (csv.ToString(), BatchFormat.Csv), (json.ToString(), BatchFormat.JsonLines) })
        {
            BatchLimits limits = new() { InferenceRows = 50 };
            byte[] bytes = Encoding.UTF8.GetBytes(text);
            BatchRead whole = await Batches.Read(bytes, format, null, limits);
            List<DataTable> blocks = [];
            BatchRead read = await BatchReader.ReadBlocksAsync(new MemoryStream(bytes), format, limits, null, blockRows, blocks.Add, TestContext.Current.CancellationToken);

            Assert.Null(read.Table);
            Assert.Equal(whole.Problems, read.Problems);
            Assert.Equal((whole.ProblemCount, whole.Bytes), (read.ProblemCount, read.Bytes));
            Assert.Equal([77 + 1], read.SkippedRows);
            Assert.All(blocks.SkipLast(1), block => Assert.Equal(blockRows, block.RowCount));
            DataTable joined = Tables.Concat(blocks);
            Assert.Equal(whole.Table!.Columns.Select(c => (c.Name, c.Kind)), joined.Columns.Select(c => (c.Name, c.Kind)));
            Assert.Equal(RowHash.Of(whole.Table), RowHash.Of(joined));
        }
    }

    [Fact]
    public async Task ReadBlocks_DistinctTexts_AreLimitedInEachBlock()
    {
        byte[] text = Encoding.UTF8.GetBytes("a,b\n" + string.Concat(Enumerable.Range(0, 40).Select(i => $"{i},t{i}\n")));
        List<DataTable> blocks = [];
        BatchRead read = await BatchReader.ReadBlocksAsync(new MemoryStream(text), BatchFormat.Csv, new BatchLimits { MaxDistinctText = 10 }, null, 10, blocks.Add, TestContext.Current.CancellationToken);

        Assert.Empty(read.Problems);
        Assert.Equal(["t30", "t31"], blocks[3]["b"].Texts().Take(2));
    }

    [Fact]
    public async Task ReadBlocks_RefusedInTheEnd_SaysSo()
    {
        BatchRead read = await BatchReader.ReadBlocksAsync(new MemoryStream("a,b\n1,2\n3,\"4"u8.ToArray()), BatchFormat.Csv, BatchLimits.Default, null, 1, _ => { }, TestContext.Current.CancellationToken);
        Batches.Refused(read);
    }
}
