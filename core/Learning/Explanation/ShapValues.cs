namespace Mlops.Core.Learning.Explanation;

/// <summary>How much each feature moves a row's raw scores away from the base: raw[k] = Base[k] + Σⱼ value(row, k, j).</summary>
public sealed class ShapValues
{
    private readonly double[] _values;

    internal ShapValues(double[] values, double[] baseValues, int features)
    {
        _values = values;
        Base = baseValues;
        Features = features;
    }

    /// <summary>Per raw score what the model says when no feature is known.</summary>
    public IReadOnlyList<double> Base { get; }

    /// <summary>Number of features.</summary>
    public int Features { get; }

    /// <summary>Raw scores per row.</summary>
    public int Width => Base.Count;

    /// <summary>Rows explained.</summary>
    public int Rows => Features == 0 ? 0 : _values.Length / (Features * Width);

    /// <summary>The values of one row and raw score, by feature.</summary>
    public ReadOnlySpan<double> Row(int row, int output) => _values.AsSpan(((row * Width) + output) * Features, Features);
}
