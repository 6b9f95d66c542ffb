using System.Text;
using CsvHelper;
using Mlops.Core.Data;

namespace Mlops.Core.Tests.Data;

/// <summary>CsvHelper as the oracle of the tokenizer.</summary>
public class CsvOracleTests
{
    private static readonly string[] _pieces = ["a", "bc", " ", "1.5", "é", "😀", ",", ";", "\"\"", "\n", "\r\n", ""];

    [Fact]
    public void Read_WrittenByCsvHelper_GivesTheFieldsBack()
    {
        Random random = new(2);
        for (int round = 0; round < 3000; round++)
        {
            string[][] rows = [.. Enumerable.Range(0, random.Next(1, 8)).Select(_ => Enumerable.Range(0, random.Next(1, 6)).Select(_ => Field(random, anything: true)).ToArray())];
            using StringWriter text = new();
            using (CsvWriter writer = CsvWriter.Create(text, new CsvWriterOptions { HasHeader = false, ValidateFieldCount = false, NewLine = random.Next(2) == 0 ? "\n" : "\r\n" }, leaveOpen: true))
            {
                foreach (string[] row in rows)
                {
                    foreach (string field in row)
                    {
                        writer.WriteField(field, random.Next(4) == 0 || field.Length == 0 ? CsvQuoting.Always : CsvQuoting.WhenNeeded);
                    }

                    writer.EndRecord();
                }
            }

            Assert.Equal(rows, Tokenize(text.ToString()));
        }
    }

    [Fact]
    public void Read_RandomWellFormedText_EqualsCsvHelper()
    {
        Random random = new(3);
        int compared = 0;
        for (int round = 0; round < 5000; round++)
        {
            StringBuilder text = new();
            int records = random.Next(1, 6);
            for (int record = 0; record < records; record++)
            {
                int fields = random.Next(1, 5);
                for (int field = 0; field < fields; field++)
                {
                    text.Append(field == 0 ? string.Empty : ",");
                    text.Append(random.Next(3) == 0 ? $"\"{Field(random, anything: true).Replace("\"", "\"\"")}\"" : Field(random, anything: false));
                }

                text.Append(record == records - 1 && random.Next(2) == 0 ? string.Empty : random.Next(3) switch { 0 => "\n", 1 => "\r\n", _ => "\n\n" });
            }

            Assert.Equal(OfCsvHelper(text.ToString()), Tokenize(text.ToString()));
            compared++;
        }

        Assert.Equal(5000, compared);
    }

    [Fact]
    public void Read_RandomBytes_EndsAndConsumesEverythingInOrder()
    {
        byte[] alphabet = [.. "a,\"\n\r"u8, 0, 0xFF];
        Random random = new(4);
        for (int round = 0; round < 20_000; round++)
        {
            byte[] data = [.. Enumerable.Range(0, random.Next(1, 30)).Select(_ => alphabet[random.Next(alphabet.Length)])];
            CsvTokenizer tokenizer = new((byte)',', 3);
            int at = 0;
            while (at < data.Length)
            {
                CsvOutcome outcome = tokenizer.Read(data.AsSpan(at), final: true, out int consumed);
                if (outcome == CsvOutcome.OpenQuote)
                {
                    break;
                }

                Assert.NotEqual(CsvOutcome.NeedMore, outcome);
                Assert.InRange(consumed, 1, data.Length - at);
                foreach (Cell cell in tokenizer.Cells)
                {
                    Assert.InRange(cell.Start + cell.Length, 0, consumed);
                }

                at += consumed;
            }
        }
    }

    [Fact]
    public void Read_RandomBytes_EqualsOneByteAtATime()
    {
        byte[] ends = [.. ",\"\n\r"u8];
        byte[] texts = [.. "ab1 "u8, 0, 0x7F, 0x80, 0xFF];
        Random random = new(5);
        for (int round = 0; round < 60_000; round++)
        {
            // Rare ends and quotes make fields longer than a block, frequent ones every sequence of them.
            int rarity = 1 << random.Next(1, 8);
            byte[] data = [.. Enumerable.Range(0, random.Next(1, 300)).Select(_ => random.Next(rarity) == 0 ? ends[random.Next(ends.Length)] : texts[random.Next(round % 3 == 0 ? 4 : texts.Length)])];
            bool final = random.Next(2) == 0;
            CsvTokenizer tokenizer = new((byte)',', 20);
            int at = 0;
            while (at < data.Length)
            {
                ReadOnlySpan<byte> rest = data.AsSpan(at);
                (CsvOutcome Outcome, int Consumed, List<Cell> Cells, bool Quotes) expected = NaiveCsv.Read(rest, final);
                CsvOutcome outcome = tokenizer.Read(rest, final, out int consumed);
                Assert.Equal((expected.Outcome, expected.Consumed), (outcome, consumed));
                if (outcome is CsvOutcome.NeedMore or CsvOutcome.OpenQuote)
                {
                    break;
                }

                Assert.Equal((expected.Cells.Count, expected.Quotes), (tokenizer.FieldCount, tokenizer.HasQuotes));
                Assert.Equal(expected.Cells.Take(20), tokenizer.Cells.ToArray());
                ReadOnlySpan<byte> record = rest[..consumed];
                Assert.False(tokenizer.IsPlain && (record.Contains((byte)0) || !System.Text.Ascii.IsValid(record)));
                at += consumed;
            }
        }
    }

    private static string Field(Random random, bool anything)
    {
        IEnumerable<string> pieces = anything ? _pieces : _pieces.Where(p => p is not ("," or "\n" or "\r\n" or "\"\""));
        string[] allowed = [.. pieces];
        return string.Concat(Enumerable.Range(0, random.Next(0, 4)).Select(_ => allowed[random.Next(allowed.Length)]));
    }

    private static List<string[]> Tokenize(string text)
    {
        byte[] data = Encoding.UTF8.GetBytes(text);
        byte[] scratch = new byte[data.Length];
        CsvTokenizer tokenizer = new((byte)',', 100);
        List<string[]> records = [];
        int at = 0;
        while (at < data.Length)
        {
            ReadOnlySpan<byte> rest = data.AsSpan(at);
            Assert.Equal(CsvOutcome.Record, tokenizer.Read(rest, final: true, out int consumed));
            List<string> fields = [];
            foreach (Cell cell in tokenizer.Cells)
            {
                ReadOnlySpan<byte> bytes = rest.Slice(cell.Start, cell.Length);
                fields.Add(Encoding.UTF8.GetString(cell.Form == CellForm.Escaped ? scratch.AsSpan(0, CsvTokenizer.Unescape(bytes, scratch)) : bytes));
            }

            bool blank = fields is [""] && !tokenizer.HasQuotes;
            if (!blank)
            {
                records.Add([.. fields]);
            }

            at += consumed;
        }

        return records;
    }

    private static List<string[]> OfCsvHelper(string text)
    {
        using CsvReader reader = CsvReader.FromText(text, new CsvReaderOptions { HasHeader = false, Separator = ',' });
        List<string[]> records = [];
        while (reader.Read())
        {
            records.Add([.. Enumerable.Range(0, reader.FieldCount).Select(reader.GetString)]);
        }

        return records;
    }
}
