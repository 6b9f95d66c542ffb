using System.Text;
using Mlops.Core.Data;

namespace Mlops.Core.Tests.Data;

public class CsvReaderTests
{
    [Fact]
    public async Task Read_PlainCsv_InfersKindsAndValues()
    {
        DataTable table = await Batches.Table("age,height,born,name\n31,1.75,2001-02-03,Ann\n40,,2001-02-03T04:05:06Z,Bob\n,1.6,,\n");

        Assert.Equal([ColumnKind.Integer, ColumnKind.Number, ColumnKind.Timestamp, ColumnKind.Text], table.Columns.Select(c => c.Kind));
        Assert.Equal(["31", "40", null], table["age"].Texts());
        Assert.Equal(["1.75", null, "1.6"], table["height"].Texts());
        Assert.Equal(["2001-02-03T00:00:00Z", "2001-02-03T04:05:06Z", null], table["born"].Texts());
        Assert.Equal(["Ann", "Bob", null], table["name"].Texts());
    }

    [Theory]
    [InlineData("")]
    [InlineData("\uFEFF")]
    [InlineData("\n\r\n\n")]
    [InlineData("a,b\n")]
    [InlineData("a,b")]
    [InlineData("a,b\n\n\n")]
    public async Task Read_NoDataRows_IsRefused(string text) => Batches.Refused(await Batches.Csv(text));

    [Fact]
    public async Task Read_HeaderOnly_SaysThatThereAreNoRows() =>
        Assert.Equal("no data rows", Batches.Refused(await Batches.Csv("a,b\r\n")).Found);

    [Fact]
    public async Task Read_ByteOrderMark_IsNotPartOfTheFirstName()
    {
        DataTable table = await Batches.Table("\uFEFFa,b\n1,2\n");
        Assert.Equal("a", table.Columns[0].Name);
    }

    [Theory]
    [InlineData("a,b\r\n1,x\r\n2,y\r\n")]
    [InlineData("a,b\r\n1,x\r\n2,y")]
    [InlineData("a,b\n1,x\n2,y")]
    [InlineData("a,b\r1,x\r2,y\r")]
    [InlineData("\n\na,b\n\n1,x\n\n\n2,y\n\n")]
    [InlineData("a,b\n1,x,\n2,y,\n")]
    public async Task Read_AnyLineEnds_GiveTheSameRows(string text)
    {
        DataTable table = await Batches.Table(text);
        Assert.Equal(["1", "2"], table["a"].Texts());
        Assert.Equal(["x", "y"], table["b"].Texts());
    }

    [Fact]
    public async Task Read_QuotedFields_KeepCommasQuotesAndLineBreaks()
    {
        DataTable table = await Batches.Table("\"a\",\"b,\"\"c\"\"\"\r\n\"x\r\ny\",\"say \"\"hi\"\", you\"\r\n\"\"\"\"\"\",plain\"quote\n");

        Assert.Equal("b,\"c\"", table.Columns[1].Name);
        Assert.Equal(["x\r\ny", "\"\""], table["a"].Texts());
        Assert.Equal(["say \"hi\", you", "plain\"quote"], table["b,\"c\""].Texts());
    }

    [Fact]
    public async Task Read_RaggedRows_AreLeftOutWithRowAndLine()
    {
        BatchRead read = await Batches.Csv("a,b\n1,\"x\ny\"\n2\n3,z\n4,5,6\n");

        Assert.Equal(["1", "3"], read.Table!["a"].Texts());
        Assert.Equal([2, 4], read.SkippedRows);
        Assert.Equal(2, read.ProblemCount);
        Assert.Equal((2, 4L, "1 values", "2 as in the header"), (read.Problems[0].Row!.Value, read.Problems[0].Line!.Value, read.Problems[0].Found, read.Problems[0].Expected));
        Assert.Equal((4, 6L, "3 values"), (read.Problems[1].Row!.Value, read.Problems[1].Line!.Value, read.Problems[1].Found));
        Assert.Equal([1, 3], new[] { 0, 1 }.Select(read.FileRow));
    }

    [Fact]
    public async Task FileRow_AfterSkippedRows_CountsThem()
    {
        BatchRead read = await Batches.Csv("a,b\nbad\nbad\n1,x\nbad\n2,y\n3,z\nbad\n4,q\n");
        Assert.Equal([3, 5, 6, 8], Enumerable.Range(0, 4).Select(read.FileRow));
    }

    [Theory]
    [InlineData(";", "semicolon")]
    [InlineData("\t", "tab")]
    [InlineData("|", "vertical bar")]
    public async Task Read_OtherDelimiter_IsReadWithANote(string delimiter, string name)
    {
        BatchRead read = await Batches.Csv($"a{delimiter}b\n1{delimiter}x,y\n");

        DataProblem note = Assert.Single(read.Problems);
        Assert.Equal(Severity.Warn, note.Severity);
        Assert.Contains(name, note.Found);
        Assert.Equal(["x,y"], read.Table!["b"].Texts());
    }

    [Fact]
    public async Task Read_DelimiterInsideQuotedHeader_DoesNotCount()
    {
        DataTable table = await Batches.Table("\"a;b;c;d\",e\n1,2\n");
        Assert.Equal(["a;b;c;d", "e"], table.Columns.Select(c => c.Name));
    }

    [Fact]
    public async Task Read_InvalidUtf8InARow_LeavesTheRowOut()
    {
        BatchRead read = await Batches.Read([.. "a,b\n1,caf"u8, 0xE9, .. "\n2,ok\n"u8], BatchFormat.Csv);

        Assert.Equal(["2"], read.Table!["a"].Texts());
        Assert.Contains("not UTF-8", Assert.Single(read.Problems).Found);
    }

    [Fact]
    public async Task Read_InvalidUtf8InTheHeader_IsRefused() =>
        Assert.Contains("UTF-8", Batches.Refused(await Batches.Read([(byte)'a', 0xFF, .. ",b\n1,2\n"u8], BatchFormat.Csv)).Expected);

    [Fact]
    public async Task Read_Utf16_IsRefusedByName() =>
        Assert.Equal("UTF-16 text", Batches.Refused(await Batches.Read([.. Encoding.Unicode.Preamble, .. Encoding.Unicode.GetBytes("a,b\n1,2\n")], BatchFormat.Csv)).Found);

    [Fact]
    public async Task Read_NulBytes_LeaveTheRowOut()
    {
        BatchRead read = await Batches.Csv("a,b\n1,x\0y\n2,ok\n");

        Assert.Equal("a NUL byte", Assert.Single(read.Problems).Found);
        Assert.Equal(["2"], read.Table!["a"].Texts());
    }

    [Fact]
    public async Task Read_NulBytesInTheHeader_AreRefused() => Batches.Refused(await Batches.Csv("a\0,b\n1,2\n"));

    [Theory]
    [InlineData("PK\u0003\u0004rest", "Excel")]
    [InlineData("PAR1rest", "Parquet")]
    public async Task Read_OtherKindOfFile_IsRefusedByName(string text, string found) => Assert.Contains(found, Batches.Refused(await Batches.Csv(text)).Found);

    [Fact]
    public async Task Read_TooManyColumns_IsRefusedWithTheirNumber()
    {
        string header = string.Join(',', Enumerable.Range(0, 10_000).Select(i => $"c{i}"));
        Assert.Equal("10,000 columns", Batches.Refused(await Batches.Csv(header + "\n1\n")).Found);
    }

    [Fact]
    public async Task Read_DuplicateColumnNames_IsRefused() => Assert.Contains("'b' twice", Batches.Refused(await Batches.Csv("a,b,b\n1,2,3\n")).Found);

    [Fact]
    public async Task Read_UnnamedColumn_IsLeftOutWithANote()
    {
        BatchRead read = await Batches.Csv(",a\n0,5\n1,6\n");

        Assert.Equal("a", Assert.Single(read.Table!.Columns).Name);
        Assert.Contains("column 1 without a name", Assert.Single(read.Problems).Found);
    }

    [Fact]
    public async Task Read_HeaderOfNumbers_IsNoted() => Assert.Contains("numbers only", Assert.Single((await Batches.Csv("1,2\n3,4\n")).Problems).Found);

    [Fact]
    public async Task Read_LongColumnName_IsRefused() => Assert.Contains("300 characters", Batches.Refused(await Batches.Csv(new string('n', 300) + ",b\n1,2\n")).Found);

    [Fact]
    public async Task Read_LineBreakInColumnName_IsRefused() => Batches.Refused(await Batches.Csv("\"a\nb\",c\n1,2\n"));

    [Fact]
    public async Task Read_UnterminatedQuote_IsRefusedWithItsRow()
    {
        DataProblem problem = Batches.Refused(await Batches.Csv("a,b\n1,x\n2,\"y\n3,z\n"));
        Assert.Equal((2, 3L), (problem.Row!.Value, problem.Line!.Value));
    }

    [Fact]
    public async Task Read_UnterminatedQuoteInTheHeader_IsRefused() => Batches.Refused(await Batches.Csv("a,\"b\n1,2\n"));

    [Fact]
    public async Task Read_TextAfterAClosingQuote_LeavesTheRowOut()
    {
        BatchRead read = await Batches.Csv("a,b\n1,\"x\"y\n2,ok\n");
        Assert.Equal(["2"], read.Table!["a"].Texts());
        Assert.Contains("value 2", Assert.Single(read.Problems).Found);
    }

    [Fact]
    public async Task Read_OneGigabyteLine_IsRefusedAfterTheFirstMegabyte()
    {
        await using GeneratedStream stream = new(1L << 30, i => i < 4 ? "a,b\n"u8[(int)i] : (byte)'x');
        BatchRead read = await BatchReader.ReadAsync(stream, BatchFormat.Csv, BatchLimits.Default, null, TestContext.Current.CancellationToken);

        Assert.Contains("1,048,576 bytes", Batches.Refused(read).Found);
        Assert.True(stream.Position < 4 << 20, $"{stream.Position} bytes were read");
    }

    [Fact]
    public async Task Read_OneGigabyteHeader_IsRefused()
    {
        await using GeneratedStream stream = new(1L << 30, _ => (byte)'x');
        Batches.Refused(await BatchReader.ReadAsync(stream, BatchFormat.Csv, BatchLimits.Default, null, TestContext.Current.CancellationToken));
        Assert.True(stream.Position < 4 << 20, $"{stream.Position} bytes were read");
    }

    [Fact]
    public async Task Read_QuoteOpenForAGigabyte_IsRefused()
    {
        await using GeneratedStream stream = new(1L << 30, i => i < 7 ? "a,b\n1,\""u8[(int)i] : (byte)'\n');
        Assert.Equal(1, Batches.Refused(await BatchReader.ReadAsync(stream, BatchFormat.Csv, BatchLimits.Default, null, TestContext.Current.CancellationToken)).Row);
    }

    [Fact]
    public async Task Read_EveryBufferBoundary_GivesTheSameTable()
    {
        byte[] text = Encoding.UTF8.GetBytes("a,b\r\n1,\"x\"\"\r\ny\"\r\n\r\n2,é€😀\r\n3,\"\"\r\n");
        for (int size = 1; size <= text.Length; size++)
        {
            await using GeneratedStream stream = new(text.Length, i => text[i], size);
            BatchRead read = await BatchReader.ReadAsync(stream, BatchFormat.Csv, BatchLimits.Default, null, TestContext.Current.CancellationToken);
            Assert.Empty(read.Problems);
            Assert.Equal(["1", "2", "3"], read.Table!["a"].Texts());
            Assert.Equal(["x\"\r\ny", "é€😀", null], read.Table["b"].Texts());
        }
    }

    [Fact]
    public async Task Read_MoreRowsThanAllowed_IsRefused() => Assert.Contains("more than 2 rows", Batches.Refused(await Batches.Csv("a\n1\n2\n3\n", limits: new BatchLimits { MaxRows = 2 })).Found);

    [Fact]
    public async Task Read_MoreCellsThanAllowed_IsRefused() => Assert.Contains("more than 5 values", Batches.Refused(await Batches.Csv("a,b\n1,2\n3,4\n5,6\n", limits: new BatchLimits { MaxCells = 5 })).Found);

    [Fact]
    public async Task Read_MoreBytesThanAllowed_IsRefused() => Assert.Contains("more than 10 bytes", Batches.Refused(await Batches.Csv("a,b\n1,2\n3,4\n5,6\n", limits: new BatchLimits { MaxBytes = 10 })).Found);

    [Fact]
    public async Task Read_LongField_BecomesMissing()
    {
        BatchRead read = await Batches.Csv("a,b\n1,short\n2,much too long\n", limits: new BatchLimits { MaxFieldLength = 8 });
        Assert.Equal(["short", null], read.Table!["b"].Texts());
        Assert.Equal((2, "b"), (Assert.Single(read.Problems).Row!.Value, read.Problems[0].Column));
    }

    [Fact]
    public async Task Read_TooManyDistinctTexts_BlocksTheColumn()
    {
        BatchRead read = await Batches.Csv("a,b\nx,p\ny,q\nz,p\nx,r\n", limits: new BatchLimits { MaxDistinctText = 2 });
        Assert.Equal(["x", "y", null, "x"], read.Table!["a"].Texts());
        Assert.Equal(["a", "b"], read.Problems.Where(p => p.Severity == Severity.Block).Select(p => p.Column));
    }

    [Fact]
    public async Task Read_Cancelled_Throws()
    {
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
            BatchReader.ReadAsync(new MemoryStream("a\n1\n"u8.ToArray()), BatchFormat.Csv, BatchLimits.Default, null, new CancellationToken(true)));
    }
}
