using System.Text.Json;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using Mlops.Core.Data;
using Mlops.Core.Learning;
using Mlops.Core.Learning.Onnx;
using Mlops.Core.Serving;

namespace Mlops.Functions.Inference;

/// <summary>A loaded ONNX model: scores tables. Safe for any number of callers at once.</summary>
public sealed class OnnxModel : IDisposable
{
    /// <summary>Rows that are scored at a time: what the graph computes in between stays in the processor's cache, and its memory is bounded whatever is asked.</summary>
    private const int Block = 256;

    private readonly InferenceSession _session;
    private readonly string _output;

    /// <summary>Loads a model from the bytes of its file.</summary>
    /// <exception cref="FormatException">The file is not one that may be loaded; <see cref="OnnxFile.Check"/> says why.</exception>
    /// <exception cref="InvalidDataException">The file carries no signature, or its graph does not match it.</exception>
    public OnnxModel(byte[] onnx)
    {
        OnnxFile.Check(onnx);
        using SessionOptions options = new()
        {
            // Row counts are small and requests many: one thread a request uses the cores best, and is the same on every machine.
            IntraOpNumThreads = 1,
            InterOpNumThreads = 1,
        };
        options.AddSessionConfigEntry("session.intra_op.allow_spinning", "0");
        _session = new InferenceSession(onnx, options);
        try
        {
            Signature = ReadSignature(_session);
            string[] missing = [.. Signature.Inputs.Select(input => input.Name).Except(_session.InputNames)];
            int scores = Signature.Task == TaskKind.Regression ? 0 : 1;
            if (missing.Length > 0 || _session.OutputNames.Count <= scores)
            {
                throw new InvalidDataException($"The ONNX graph has the inputs {string.Join(", ", _session.InputNames)} and outputs {string.Join(", ", _session.OutputNames)}; its signature expects the inputs {string.Join(", ", missing)} as well, and the scores as output {scores + 1}.");
            }

            // By position: a column may be called like an output, which then has another name.
            _output = _session.OutputNames[scores];
        }
        catch
        {
            _session.Dispose();
            throw;
        }
    }

    /// <summary>What it takes and gives.</summary>
    public ModelSignature Signature { get; }

    /// <summary>Scores rows. A column that the table lacks counts as missing in every row.</summary>
    /// <param name="rows">The rows.</param>
    /// <param name="cancellationToken">Ends the computation between two operators of the graph.</param>
    public Predictions Score(DataTable rows, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(rows);
        using RunOptions run = new();
        using CancellationTokenRegistration stop = cancellationToken.Register(() => run.Terminate = true);
        float[] scores = new float[rows.RowCount * Signature.Width];
        try
        {
            for (int start = 0; start < rows.RowCount; start += Block)
            {
                cancellationToken.ThrowIfCancellationRequested();
                int count = Math.Min(Block, rows.RowCount - start);
                Score(rows, start, count, run, scores.AsSpan(start * Signature.Width, count * Signature.Width));
            }
        }
        catch (OnnxRuntimeException) when (cancellationToken.IsCancellationRequested)
        {
            throw new OperationCanceledException(cancellationToken);
        }

        return new Predictions(scores, Signature.Width).With(Signature.Threshold);
    }

    /// <inheritdoc/>
    public void Dispose() => _session.Dispose();

    private void Score(DataTable rows, int start, int count, RunOptions run, Span<float> scores)
    {
        List<OrtValue> inputs = [];
        try
        {
            foreach (InputColumn input in Signature.Inputs)
            {
                inputs.Add(ToTensor(input, rows.TryGet(input.Name, out Column? column) ? column : null, start, count));
            }

            using IDisposableReadOnlyCollection<OrtValue> outputs = _session.Run(run, [.. Signature.Inputs.Select(input => input.Name)], inputs, [_output]);
            outputs[0].GetTensorDataAsSpan<float>().CopyTo(scores);
        }
        finally
        {
            inputs.ForEach(input => input.Dispose());
        }
    }

    private static ModelSignature ReadSignature(InferenceSession session)
    {
        if (!session.ModelMetadata.CustomMetadataMap.TryGetValue(ModelSignature.MetadataKey, out string? json))
        {
            throw new InvalidDataException($"The ONNX file has no metadata '{ModelSignature.MetadataKey}'. Expected a model that this platform exported.");
        }

        try
        {
            return ModelSignature.FromJson(json);
        }
        catch (JsonException exception)
        {
            throw new InvalidDataException($"The ONNX file's metadata '{ModelSignature.MetadataKey}' cannot be read: {exception.Message}", exception);
        }
    }

    private static OrtValue ToTensor(InputColumn input, Column? column, int start, int count)
    {
        long[] shape = [count, 1];
        if (input.Kind == ColumnKind.Text)
        {
            string[] texts = new string[count];
            for (int i = 0; i < count; i++)
            {
                texts[i] = column?.Text(start + i) ?? string.Empty;
            }

            return OrtValue.CreateFromStringTensor(new DenseTensor<string>(texts, [count, 1]));
        }

        ReadOnlySpan<double> values = column is NumericColumn numeric ? numeric.Values.Slice(start, count) : default;
        if (input.Kind == ColumnKind.Number)
        {
            float[] numbers = new float[count];
            for (int i = 0; i < count; i++)
            {
                numbers[i] = values.IsEmpty ? float.NaN : (float)values[i];
            }

            return OrtValue.CreateTensorValueFromMemory(numbers, shape);
        }

        long[] integers = new long[count];
        for (int i = 0; i < count; i++)
        {
            integers[i] = values.IsEmpty || double.IsNaN(values[i]) ? long.MinValue : (long)values[i];
        }

        return OrtValue.CreateTensorValueFromMemory(integers, shape);
    }
}
