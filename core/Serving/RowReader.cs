using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Mlops.Core.Data;

namespace Mlops.Core.Serving;

/// <summary>Reads rows given as JSON objects into the columns that a model takes, and says everything that is wrong with them at once.</summary>
public static class RowReader
{
    /// <summary>Problems named in one answer; more are counted.</summary>
    public const int MaximumProblems = 50;

    /// <summary>The longest text of one value, in characters.</summary>
    public const int MaximumText = 32_768;

    /// <summary>Reads rows.</summary>
    /// <param name="rows">A JSON array of objects.</param>
    /// <param name="signature">What the model takes.</param>
    /// <param name="maximumRows">Rows at most.</param>
    /// <returns>The table when there is no problem, else the problems.</returns>
    public static (DataTable? Table, IReadOnlyList<string> Problems) Read(JsonElement rows, ModelSignature signature, int maximumRows)
    {
        ArgumentNullException.ThrowIfNull(signature);
        if (rows.ValueKind != JsonValueKind.Array)
        {
            return (null, [$"rows: found {Describe(rows)}; expected an array of objects, one per row."]);
        }

        int count = rows.GetArrayLength();
        if (count == 0 || count > maximumRows)
        {
            return (null, [string.Create(CultureInfo.InvariantCulture, $"rows: found {count} rows; expected 1 to {maximumRows}. Send larger sets in several requests.")]);
        }

        ProblemList problems = new();
        ColumnBuilder[] columns = [.. signature.Inputs.Select(input => new ColumnBuilder(input, count))];
        Dictionary<string, ColumnBuilder> byName = columns.ToDictionary(column => column.Input.Name, StringComparer.Ordinal);
        int row = 0;
        foreach (JsonElement element in rows.EnumerateArray())
        {
            if (element.ValueKind != JsonValueKind.Object)
            {
                problems.Add($"rows[{row}]: found {Describe(element)}; expected an object with one property per column.");
                row++;
                continue;
            }

            foreach (JsonProperty property in element.EnumerateObject())
            {
                if (!byName.TryGetValue(property.Name, out ColumnBuilder? column))
                {
                    // What the training data had besides may come along; anything else unknown is probably a typing mistake.
                    if (property.Name != signature.Target && !signature.Ignored.Contains(property.Name))
                    {
                        problems.Add($"rows[{row}].{Excerpt.Of(property.Name)}: unknown column; expected one of {Names(signature)}.");
                    }
                }
                else if (column.LastRow == row)
                {
                    problems.Add($"rows[{row}].{Excerpt.Of(property.Name)}: given twice; expected once.");
                }
                else if (column.Set(row, property.Value) is { } expected)
                {
                    problems.Add($"rows[{row}].{Excerpt.Of(property.Name)}: found {Describe(property.Value)}; expected {expected}.");
                }
            }

            foreach (ColumnBuilder column in columns)
            {
                if (column.LastRow != row)
                {
                    problems.Add($"rows[{row}].{Excerpt.Of(column.Input.Name)}: missing column; send null where the value is not known.");
                }
            }

            row++;
        }

        return problems.Any ? (null, problems.ToList()) : (new DataTable([.. columns.Select(column => column.Build())]), []);
    }

    /// <summary>The values of columns that came along although the model ignores them, per row: what is learned from these rows later may use them.</summary>
    /// <param name="rows">Rows that <see cref="Read"/> accepted.</param>
    /// <param name="signature">What the model takes and ignores.</param>
    public static IReadOnlyList<JsonObject> Companions(JsonElement rows, ModelSignature signature)
    {
        ArgumentNullException.ThrowIfNull(signature);
        return [.. rows.EnumerateArray().Select(row => new JsonObject(row.EnumerateObject()
            .Where(property => signature.Ignored.Contains(property.Name) && IsPlain(property.Value))
            .DistinctBy(property => property.Name)
            .Select(property => KeyValuePair.Create(property.Name, JsonNode.Parse(property.Value.GetRawText())))))];
    }

    private static bool IsPlain(JsonElement value) =>
        value.ValueKind is JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False || (value.ValueKind == JsonValueKind.String && value.GetString()!.Length <= MaximumText);

    private static string Names(ModelSignature signature) =>
        string.Join(", ", signature.Inputs.Take(20).Select(input => Excerpt.Of(input.Name))) + (signature.Inputs.Count > 20 ? ", …" : string.Empty);

    private static string Describe(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.String => $"the text \"{Excerpt.Of(element.GetString()!)}\"",
        JsonValueKind.Number => $"the number {Excerpt.Of(element.GetRawText())}",
        JsonValueKind.True or JsonValueKind.False => $"the boolean {element.GetRawText()}",
        JsonValueKind.Null => "null",
        JsonValueKind.Array => "an array",
        JsonValueKind.Object => "an object",
        _ => "nothing",
    };

    private sealed class ProblemList
    {
        private readonly List<string> _first = [];
        private int _count;

        public bool Any => _count > 0;

        public void Add(string problem)
        {
            if (_count++ < MaximumProblems)
            {
                _first.Add(problem);
            }
        }

        public List<string> ToList()
        {
            if (_count > MaximumProblems)
            {
                _first.Add(string.Create(CultureInfo.InvariantCulture, $"and {_count - MaximumProblems} more problems."));
            }

            return _first;
        }
    }

    /// <summary>Collects one column, value by value.</summary>
    private sealed class ColumnBuilder
    {
        // The years 1 to 9999: what a date can be written in.
        private const double EarliestSecond = -62_135_596_800;
        private const double LatestSecond = 253_402_300_799;

        private readonly double[]? _numbers;
        private readonly string?[]? _texts;

        public ColumnBuilder(InputColumn input, int rows)
        {
            Input = input;
            if (input.Kind == ColumnKind.Text)
            {
                _texts = new string?[rows];
            }
            else
            {
                _numbers = new double[rows];
            }
        }

        public InputColumn Input { get; }

        public int LastRow { get; private set; } = -1;

        /// <summary>Takes a value; returns what was expected when it does not fit.</summary>
        public string? Set(int row, JsonElement value)
        {
            LastRow = row;
            if (_texts is not null)
            {
                return SetText(row, value);
            }

            _numbers![row] = double.NaN;
            if (value.ValueKind == JsonValueKind.Null)
            {
                return null;
            }

            return Input.Kind switch
            {
                ColumnKind.Integer => SetInteger(row, value),
                ColumnKind.Timestamp => SetTimestamp(row, value),
                _ => SetNumber(row, value),
            };
        }

        public Column Build() => _texts is not null ? TextColumn.From(Input.Name, _texts) : new NumericColumn(Input.Name, _numbers!, Input.Kind);

        private string? SetText(int row, JsonElement value)
        {
            string? text = value.ValueKind switch
            {
                JsonValueKind.String => value.GetString(),
                JsonValueKind.True => "true",
                JsonValueKind.False => "false",
                JsonValueKind.Number => value.GetRawText(),
                _ => null,
            };
            if (text is null && value.ValueKind != JsonValueKind.Null)
            {
                return "a text or null";
            }

            if (text?.Length > MaximumText)
            {
                return string.Create(CultureInfo.InvariantCulture, $"at most {MaximumText} characters");
            }

            _texts![row] = text;
            return null;
        }

        private string? SetNumber(int row, JsonElement value)
        {
            if (value.ValueKind != JsonValueKind.Number || !value.TryGetDouble(out double number) || !float.IsFinite((float)number))
            {
                return "a number within ±3.4e38 or null";
            }

            _numbers![row] = number;
            return null;
        }

        private string? SetInteger(int row, JsonElement value)
        {
            if (value.ValueKind != JsonValueKind.Number || !value.TryGetDouble(out double number) || number != Math.Truncate(number) || Math.Abs(number) > 1L << 53)
            {
                return "a whole number within ±2^53 or null";
            }

            _numbers![row] = number;
            return null;
        }

        private string? SetTimestamp(int row, JsonElement value)
        {
            if (value.ValueKind == JsonValueKind.Number)
            {
                return SetInteger(row, value) is null && _numbers![row] is >= EarliestSecond and <= LatestSecond ? null : "seconds since 1970 within the years 1 to 9999, or an ISO 8601 date";
            }

            if (value.ValueKind != JsonValueKind.String
                || !DateTimeOffset.TryParse(value.GetString(), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset time))
            {
                return "an ISO 8601 date such as \"2026-01-31\" or \"2026-01-31T12:00:00Z\", or null";
            }

            _numbers![row] = time.ToUnixTimeSeconds();
            return null;
        }
    }
}
