namespace Mlops.Core.Learning.Forest;

/// <summary>Settings of <see cref="IsolationForest"/>.</summary>
public sealed record IsolationForestOptions
{
    /// <summary>Number of trees, 1 … 10,000. Default 100.</summary>
    public int Trees { get; init; } = 100;

    /// <summary>Rows drawn per tree, 2 … 1,000,000. Default 256, as in the paper: more rows hide anomalies behind one another.</summary>
    public int SampleRows { get; init; } = 256;

    /// <summary>Seed of all that is drawn. Default 0.</summary>
    public long Seed { get; init; }

    /// <summary>Threads at most, ≥ 1. The model does not depend on it. Default 1.</summary>
    public int Threads { get; init; } = 1;

    internal void Validate()
    {
        if (Trees is < 1 or > 10_000 || SampleRows is < 2 or > 1_000_000 || Threads is < 1 or > 1024)
        {
            throw new ArgumentException($"Isolation forest options: {nameof(Trees)} is {Trees}, {nameof(SampleRows)} {SampleRows}, {nameof(Threads)} {Threads}; expected 1 … 10,000, 2 … 1,000,000 and 1 … 1,024.");
        }
    }
}
