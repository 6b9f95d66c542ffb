namespace Mlops.Functions.Operations;

/// <summary>One metric with its samples, as a scrape shows it.</summary>
/// <param name="Name">Its name: letters, digits, underscores; counters end in <c>_total</c>, units are in the name.</param>
/// <param name="Type"><c>counter</c>, <c>gauge</c> or <c>histogram</c>.</param>
/// <param name="Help">What it is, in one sentence.</param>
internal sealed record MetricFamily(string Name, string Type, string Help)
{
    private readonly List<MetricSample> _samples = [];

    /// <summary>The samples, in the order added.</summary>
    public IReadOnlyList<MetricSample> Samples => _samples;

    /// <summary>Adds a sample.</summary>
    public MetricFamily Add(double value, params (string Name, string Value)[] labels) => Add(string.Empty, value, labels);

    /// <summary>Adds a sample whose name has a suffix, as those of histograms have.</summary>
    public MetricFamily Add(string suffix, double value, params (string Name, string Value)[] labels)
    {
        _samples.Add(new MetricSample(suffix, value, labels));
        return this;
    }
}

/// <summary>One value.</summary>
internal sealed record MetricSample(string Suffix, double Value, IReadOnlyList<(string Name, string Value)> Labels);
