using System.Text.Json;
using System.Text.Json.Nodes;
using Mlops.Core.Data;
using Mlops.Core.Serving;
using Mlops.Core.Statistics;
using Mlops.Core.Statistics.ChangePoints;
using Mlops.Functions.Inference;
using Mlops.Storage.Inference;

namespace Mlops.Functions.Monitoring;

/// <summary>The predictions of a window on the way to its profiles: in parts, so memory does not grow with the traffic.</summary>
internal sealed class DriftWindow(string model, ModelSignature signature, TableProfile reference, LossProfile? referenceLosses)
{
    private const int PartRows = 5_000;

    private readonly List<TableProfile> _parts = [];
    private readonly List<double> _losses = [];
    private JsonArray _rows = [];
    private LossProfile? _found;

    /// <summary>Adds a prediction.</summary>
    /// <param name="prediction">The prediction.</param>
    /// <param name="loss">How wrong it was; NaN when that is not known.</param>
    public void Add(PredictionRecord prediction, double loss)
    {
        JsonObject row = prediction.Inputs.DeepClone().AsObject();
        foreach (InputColumn input in signature.Inputs)
        {
            row.TryAdd(input.Name, null);
        }

        foreach (string other in row.Select(property => property.Key).Except(signature.Inputs.Select(input => input.Name)).ToArray())
        {
            row.Remove(other);
        }

        _rows.Add(row);
        _losses.Add(loss);
        if (_rows.Count == PartRows)
        {
            EndPart();
        }
    }

    /// <summary>The inputs of all predictions added.</summary>
    public TableProfile End()
    {
        if (_rows.Count > 0)
        {
            EndPart();
        }

        return _parts.Count switch
        {
            0 => new TableProfile(0, []),
            1 => _parts[0],
            _ => TableProfile.Merge(_parts),
        };
    }

    /// <summary>How wrong the predictions were, after <see cref="End"/>; null when there is nothing to compare them with, or nothing is known.</summary>
    /// <param name="alpha">Chance to call a change more than chance when there is none.</param>
    public LossChange? CompareLosses(double alpha) => _found is null ? null : LossChange.Of(referenceLosses!, _found, alpha);

    private void EndPart()
    {
        using JsonDocument document = JsonSerializer.SerializeToDocument(_rows);
        (DataTable? read, IReadOnlyList<string> problems) = RowReader.Read(document.RootElement, signature, PartRows);
        DataTable table = read ?? throw new PipelineException($"Logged predictions of '{model}' do not fit version's inputs: {problems[0]}");
        _parts.Add(TableProfile.Of(table, reference));
        if (referenceLosses is not null && _losses.Exists(double.IsFinite))
        {
            LossProfile losses = referenceLosses.Of(table, [.. _losses]);
            _found = _found?.Merge(losses) ?? losses;
        }

        _rows = [];
        _losses.Clear();
    }
}
