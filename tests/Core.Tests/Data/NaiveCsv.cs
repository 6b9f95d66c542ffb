using Mlops.Core.Data;

namespace Mlops.Core.Tests.Data;

/// <summary>The rules of <see cref="CsvTokenizer"/> for one record, one byte at a time.</summary>
internal static class NaiveCsv
{
    private const byte Quote = (byte)'"';

    public static (CsvOutcome Outcome, int Consumed, List<Cell> Cells, bool HasQuotes) Read(ReadOnlySpan<byte> data, bool final)
    {
        List<Cell> cells = [];
        bool quotes = false;
        int at = 0;
        while (true)
        {
            int start = at;
            if (at < data.Length && data[at] == Quote)
            {
                quotes = true;
                bool escaped = false;
                start = ++at;
                while (at < data.Length && (data[at] != Quote || (at + 1 < data.Length && data[at + 1] == Quote)))
                {
                    escaped |= data[at] == Quote;
                    at += data[at] == Quote ? 2 : 1;
                }

                // A quote at the end of the bytes at hand closes only when nothing follows it: it may be the first of two.
                if (at >= data.Length || (at == data.Length - 1 && !final))
                {
                    return (final ? CsvOutcome.OpenQuote : CsvOutcome.NeedMore, 0, cells, quotes);
                }

                cells.Add(new Cell(start, at - start, escaped ? CellForm.Escaped : CellForm.Plain));
                at++;
                if (at < data.Length && data[at] is not ((byte)',' or (byte)'\n' or (byte)'\r'))
                {
                    cells.RemoveAt(cells.Count - 1);
                    while (at < data.Length && data[at] != '\n')
                    {
                        at++;
                    }

                    return at < data.Length ? (CsvOutcome.BadQuote, at + 1, cells, quotes) : final ? (CsvOutcome.BadQuote, at, cells, quotes) : (CsvOutcome.NeedMore, 0, cells, quotes);
                }
            }
            else
            {
                while (at < data.Length && data[at] is not ((byte)',' or (byte)'\n' or (byte)'\r'))
                {
                    at++;
                }

                cells.Add(new Cell(start, at - start, CellForm.Plain));
            }

            if (at == data.Length)
            {
                return (final ? CsvOutcome.Record : CsvOutcome.NeedMore, final ? at : 0, cells, quotes);
            }

            byte end = data[at++];
            if (end == '\r' && at == data.Length && !final)
            {
                return (CsvOutcome.NeedMore, 0, cells, quotes);
            }

            if (end != ',')
            {
                at += end == '\r' && at < data.Length && data[at] == '\n' ? 1 : 0;
                return (CsvOutcome.Record, at, cells, quotes);
            }
        }
    }
}
