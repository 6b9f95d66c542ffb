using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using Mlops.Core.Data;
using Mlops.Core.Learning;
using Mlops.Core.Learning.Onnx;

namespace Mlops.Core.Tests.Learning;

/// <summary>A model in the real ONNX Runtime, fed from tables as the endpoint feeds it.</summary>
internal sealed class OnnxModel : IDisposable
{
    private readonly InferenceSession _session;

    public OnnxModel(byte[] model)
    {
        // Whatever the platform exports must be a file that it loads.
        OnnxFile.Check(model);
        using SessionOptions options = new() { IntraOpNumThreads = 1 };
        _session = new InferenceSession(model, options);
    }

    public InferenceSession Session => _session;

    /// <summary>The last output: probabilities or prediction.</summary>
    public Predictions Predict(FittedModel model, DataTable rows) => Run(model, rows).Predictions;

    public (string[]? Labels, Predictions Predictions) Run(FittedModel model, DataTable rows)
    {
        List<NamedOnnxValue> inputs = [];
        foreach ((string name, ColumnKind kind) in model.Inputs)
        {
            inputs.Add(Input(name, kind, rows[name]));
        }

        using IDisposableReadOnlyCollection<DisposableNamedOnnxValue> outputs = _session.Run(inputs, _session.OutputNames.ToList());
        bool regression = model.Task.Kind == TaskKind.Regression;
        float[] scores = [.. outputs.Last().AsTensor<float>()];
        return (regression ? null : [.. outputs.First().AsTensor<string>()], new Predictions(scores, model.Task.Width));
    }

    public void Dispose() => _session.Dispose();

    private static NamedOnnxValue Input(string name, ColumnKind kind, Column column)
    {
        int n = column.Count;
        int[] shape = [n, 1];
        return kind switch
        {
            ColumnKind.Number => NamedOnnxValue.CreateFromTensor(name, new DenseTensor<float>(Rows(n, i => (float)((NumericColumn)column).Values[i]), shape)),
            ColumnKind.Text => NamedOnnxValue.CreateFromTensor(name, new DenseTensor<string>(Rows(n, i => column.Text(i) ?? ""), shape)),
            _ => NamedOnnxValue.CreateFromTensor(name, new DenseTensor<long>(Rows(n, i => column.IsMissing(i) ? long.MinValue : (long)((NumericColumn)column).Values[i]), shape)),
        };
    }

    private static T[] Rows<T>(int n, Func<int, T> value) => [.. Enumerable.Range(0, n).Select(value)];
}
