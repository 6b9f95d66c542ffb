using System.Globalization;

namespace Mlops.Core.Learning.Forest;

/// <summary>Settings of random forests and extremely randomised trees.</summary>
public sealed record ForestOptions
{
    /// <summary>Number of classes, ≥ 2; 0 for regression. Default 0.</summary>
    public int Classes { get; init; }

    /// <summary>Number of trees, 1 … 10,000. Default 100.</summary>
    public int Trees { get; init; } = 100;

    /// <summary>Depth at most, ≥ 0; 0 means no limit. Default 0.</summary>
    public int MaxDepth { get; init; }

    /// <summary>Rows per leaf at least, repeats in the bootstrap counted, ≥ 1. Default 1.</summary>
    public int MinLeafRows { get; init; } = 1;

    /// <summary>Share of the columns tried per node, inside (0, 1]; null for √columns (classification) or a third (regression).</summary>
    public double? ColumnFraction { get; init; }

    /// <summary>Whether each tree sees a bootstrap sample of the rows instead of all. Default true; extra trees usually take false.</summary>
    public bool Bootstrap { get; init; } = true;

    /// <summary>Whether each column gets one random cut per node instead of its best (extra trees). Default false.</summary>
    public bool RandomCuts { get; init; }

    /// <summary>Whether the out-of-bag predictions are computed; needs <see cref="Bootstrap"/>. Default false.</summary>
    public bool OutOfBag { get; init; }

    /// <summary>Per class the factor on its rows' weights; null for 1 each.</summary>
    public IReadOnlyList<double>? ClassWeights { get; init; }

    /// <summary>Value bins per feature at most, 2 … 255. Default 255.</summary>
    public int MaxBins { get; init; } = 255;

    /// <summary>Seed of all that is drawn. Default 0.</summary>
    public long Seed { get; init; }

    /// <summary>Threads at most, ≥ 1. The model does not depend on it. Default 1.</summary>
    public int Threads { get; init; } = 1;

    internal void Validate()
    {
        List<string> errors = [];
        Require(Classes is 0 or (>= 2 and <= 10_000), nameof(Classes), Classes, "0 or 2 … 10,000");
        Require(Trees is >= 1 and <= 10_000, nameof(Trees), Trees, "1 … 10,000");
        Require(MaxDepth >= 0, nameof(MaxDepth), MaxDepth, "at least 0");
        Require(MinLeafRows >= 1, nameof(MinLeafRows), MinLeafRows, "at least 1");
        Require(ColumnFraction is null or (> 0 and <= 1), nameof(ColumnFraction), ColumnFraction ?? 0, "above 0, at most 1");
        Require(!OutOfBag || Bootstrap, nameof(OutOfBag), OutOfBag, "false without bootstrap: no row is out of a bag");
        Require(ClassWeights is null || ClassWeights.Count == Classes, nameof(ClassWeights) + " length", ClassWeights?.Count ?? 0, "one per class");
        Require(ClassWeights is null || ClassWeights.All(w => w > 0 && double.IsFinite(w)), nameof(ClassWeights), "out of range", "finite numbers above 0");
        Require(MaxBins is >= 2 and <= 255, nameof(MaxBins), MaxBins, "2 … 255");
        Require(Threads is >= 1 and <= 1024, nameof(Threads), Threads, "1 … 1,024");
        if (errors.Count > 0)
        {
            throw new ArgumentException($"Forest options: {string.Join("; ", errors)}.");
        }

        void Require(bool holds, string name, object found, string expected)
        {
            if (!holds)
            {
                errors.Add(string.Create(CultureInfo.InvariantCulture, $"{name} is {found}, expected {expected}"));
            }
        }
    }
}
