using System.Text.Json.Serialization;
using Mlops.Core.Configuration;
using Mlops.Core.Data;

namespace Mlops.Core.Validation;

/// <summary>What the first good batch of a model looked like; later batches are checked against it by <see cref="Validator"/>.</summary>
/// <remarks>It holds facts, not tolerances: those are settings under <c>validation</c> in <c>model.yaml</c> and take effect at once.</remarks>
public sealed record DataContract
{
    /// <summary>Rows of the first good batch.</summary>
    public required int Rows { get; init; }

    /// <summary>Fraction of its rows that repeat an earlier row, 0 … 1.</summary>
    public double DuplicateFraction { get; init; }

    /// <summary>Its columns in the order of the data, without ignored ones.</summary>
    public required IReadOnlyList<ColumnContract> Columns { get; init; }

    /// <summary>The kind of each column in which a value was seen.</summary>
    [JsonIgnore]
    public IReadOnlyDictionary<string, ColumnKind> Kinds =>
        Columns.Where(c => c.Kind is not null).ToDictionary(c => c.Name, c => c.Kind!.Value, StringComparer.Ordinal);

    /// <summary>Infers the contract from a batch that passed <see cref="Validator.Check"/>.</summary>
    public static DataContract Infer(DataTable table, ModelConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(table);
        ArgumentNullException.ThrowIfNull(configuration);
        HashSet<string> ignored = new(configuration.Ignore, StringComparer.Ordinal);
        return new DataContract
        {
            Rows = table.RowCount,
            DuplicateFraction = DuplicatesOf(table),
            Columns = [.. table.Columns.Where(c => !ignored.Contains(c.Name)).Select(ColumnContract.Infer)],
        };
    }

    /// <summary>The contract as a JSON document.</summary>
    public string ToJson() => CoreJson.Write(this);

    /// <summary>Reads what <see cref="ToJson"/> wrote.</summary>
    /// <exception cref="FormatException">It is something else.</exception>
    public static DataContract FromJson(string json) => CoreJson.Read<DataContract>(json, "data contract");

    /// <summary>Fraction of the rows that repeat an earlier row, by <see cref="RowHash"/>.</summary>
    internal static double DuplicatesOf(DataTable table)
    {
        HashSet<ulong> seen = new(table.RowCount);
        foreach (ulong hash in RowHash.Of(table))
        {
            seen.Add(hash);
        }

        return table.RowCount == 0 ? 0 : 1 - ((double)seen.Count / table.RowCount);
    }
}
