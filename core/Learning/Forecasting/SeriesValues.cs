using Mlops.Core.Data;

namespace Mlops.Core.Learning.Forecasting;

/// <summary>The values of one series by step.</summary>
internal sealed class SeriesValues
{
    private readonly Dictionary<long, double> _byIndex;
    private readonly double[] _sums;

    private SeriesValues(string? name, Dictionary<long, double> byIndex)
    {
        Name = name;
        _byIndex = byIndex;
        Indexes = [.. byIndex.Keys.Order()];
        Values = [.. Indexes.Select(index => byIndex[index])];
        _sums = new double[Values.Length + 1];
        for (int i = 0; i < Values.Length; i++)
        {
            _sums[i + 1] = _sums[i] + Values[i];
        }
    }

    /// <summary>The series, or null when there is only one.</summary>
    public string? Name { get; }

    /// <summary>The numbers of the steps that have a value, ascending.</summary>
    public long[] Indexes { get; }

    /// <summary>The value of each of them.</summary>
    public double[] Values { get; }

    /// <summary>Steps with a value.</summary>
    public int Count => Values.Length;

    /// <summary>The series of a table in order of first appearance; rows without time, value or series are left out.</summary>
    public static List<SeriesValues> Read(DataTable rows, ForecastPlan plan)
    {
        NumericColumn times = (NumericColumn)rows[plan.Time];
        NumericColumn values = (NumericColumn)rows[plan.Target];
        Column? names = plan.Series is null ? null : rows[plan.Series];
        List<string> order = [];
        Dictionary<string, Dictionary<long, double>> series = new(StringComparer.Ordinal);
        for (int i = 0; i < rows.RowCount; i++)
        {
            string? name = names is null ? string.Empty : names.Text(i);
            if (name is null || times.IsMissing(i) || values.IsMissing(i))
            {
                continue;
            }

            if (!series.TryGetValue(name, out Dictionary<long, double>? one))
            {
                series.Add(name, one = []);
                order.Add(name);
            }

            one[plan.Cadence.Index(times.Values[i])] = values.Values[i];
        }

        return [.. order.Select(name => new SeriesValues(names is null ? null : name, series[name]))];
    }

    /// <summary>The value of a step.</summary>
    public bool TryGet(long index, out double value) => _byIndex.TryGetValue(index, out value);

    /// <summary>The mean of the last <paramref name="many"/> values up to a position.</summary>
    public double Mean(int position, int many)
    {
        int from = Math.Max(0, position + 1 - many);
        return (_sums[position + 1] - _sums[from]) / (position + 1 - from);
    }
}
