using System.Globalization;
using System.Text.Json;
using Mlops.Core.Data;

namespace Mlops.Core.Serving;

/// <summary>Reads a request of the Open Inference Protocol, version 2: one tensor per column, into the columns that a model takes.</summary>
public static class InferenceRequest
{
    private const int MaximumProblems = 50;

    /// <summary>The protocol's name of a column's data type.</summary>
    public static string Datatype(ColumnKind kind) => kind switch
    {
        ColumnKind.Number => "FP32",
        ColumnKind.Text => "BYTES",
        _ => "INT64",
    };

    /// <summary>Reads a request.</summary>
    /// <returns>The table when there is no problem, else everything that is wrong.</returns>
    public static (DataTable? Table, IReadOnlyList<string> Problems) Read(JsonElement request, ModelSignature signature, int maximumRows)
    {
        ArgumentNullException.ThrowIfNull(signature);
        if (request.ValueKind != JsonValueKind.Object || !request.TryGetProperty("inputs", out JsonElement inputs) || inputs.ValueKind != JsonValueKind.Array)
        {
            return (null, ["The request has no 'inputs'; expected an array with one tensor per column."]);
        }

        List<string> problems = [];
        Dictionary<string, JsonElement> tensors = new(StringComparer.Ordinal);
        foreach (JsonElement input in inputs.EnumerateArray())
        {
            if (input.ValueKind != JsonValueKind.Object || !input.TryGetProperty("name", out JsonElement name) || name.ValueKind != JsonValueKind.String)
            {
                problems.Add("inputs: found an entry without a name; expected {\"name\", \"shape\", \"datatype\", \"data\"}.");
            }
            else if (!tensors.TryAdd(name.GetString()!, input))
            {
                problems.Add($"inputs: '{Excerpt.Of(name.GetString()!)}' is given twice; expected once.");
            }
        }

        foreach (string unknown in tensors.Keys.Except(signature.Inputs.Select(input => input.Name)))
        {
            problems.Add($"inputs: '{Excerpt.Of(unknown)}' is unknown; expected {string.Join(", ", signature.Inputs.Take(20).Select(input => input.Name))}.");
        }

        int? rows = null;
        List<Column> columns = [];
        foreach (InputColumn input in signature.Inputs)
        {
            if (!tensors.TryGetValue(input.Name, out JsonElement tensor))
            {
                problems.Add($"inputs: '{input.Name}' is missing; expected {Datatype(input.Kind)} of shape [rows, 1].");
            }
            else if (ReadColumn(input, tensor, ref rows, maximumRows, problems) is { } column)
            {
                columns.Add(column);
            }
        }

        return problems.Count > 0 ? (null, [.. problems.Take(MaximumProblems)]) : (new DataTable(columns), []);
    }

    private static Column? ReadColumn(InputColumn input, JsonElement tensor, ref int? rows, int maximumRows, List<string> problems)
    {
        if (!tensor.TryGetProperty("data", out JsonElement data) || data.ValueKind != JsonValueKind.Array)
        {
            problems.Add($"inputs '{input.Name}': no 'data'; expected an array (binary tensors are not supported).");
            return null;
        }

        if (!TryShape(tensor, out int count) || count < 1 || count > maximumRows)
        {
            problems.Add(string.Create(CultureInfo.InvariantCulture, $"inputs '{input.Name}': expected the shape [rows] or [rows, 1] with 1 to {maximumRows} rows."));
            return null;
        }

        rows ??= count;
        if (count != rows)
        {
            problems.Add(string.Create(CultureInfo.InvariantCulture, $"inputs '{input.Name}': found {count} rows; expected {rows} as in the first tensor."));
            return null;
        }

        List<JsonElement> values = [.. data.EnumerateArray().SelectMany(element => element.ValueKind == JsonValueKind.Array ? element.EnumerateArray().ToArray() : [element])];
        if (values.Count != count)
        {
            problems.Add(string.Create(CultureInfo.InvariantCulture, $"inputs '{input.Name}': found {values.Count} values; expected {count} as the shape says."));
            return null;
        }

        // One row per value, in the form the other endpoint takes: both accept and refuse the same values.
        ModelSignature single = new(default, string.Empty, [], [input]);
        using JsonDocument document = JsonDocument.Parse(ToRows(input.Name, values));
        (DataTable? table, IReadOnlyList<string> found) = RowReader.Read(document.RootElement, single, maximumRows);
        problems.AddRange(found.Select(problem => $"inputs '{input.Name}': {problem}"));
        return table?.Columns[0];
    }

    private static ReadOnlyMemory<byte> ToRows(string name, List<JsonElement> values)
    {
        using MemoryStream stream = new();
        using (Utf8JsonWriter writer = new(stream))
        {
            writer.WriteStartArray();
            foreach (JsonElement value in values)
            {
                writer.WriteStartObject();
                writer.WritePropertyName(name);
                value.WriteTo(writer);
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
        }

        return stream.ToArray();
    }

    private static bool TryShape(JsonElement tensor, out int rows)
    {
        rows = 0;
        if (!tensor.TryGetProperty("shape", out JsonElement shape) || shape.ValueKind != JsonValueKind.Array || shape.GetArrayLength() is not (1 or 2))
        {
            return false;
        }

        JsonElement[] dimensions = [.. shape.EnumerateArray()];
        return dimensions[0].ValueKind == JsonValueKind.Number && dimensions[0].TryGetInt32(out rows)
            && (dimensions.Length == 1 || (dimensions[1].ValueKind == JsonValueKind.Number && dimensions[1].TryGetInt32(out int width) && width == 1));
    }
}
