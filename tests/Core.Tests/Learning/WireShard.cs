using System.Text.Json;
using System.Text.Json.Serialization;
using Mlops.Core.Learning;
using Mlops.Core.Learning.Binning;
using Mlops.Core.Learning.Boosting;
using Mlops.Core.Learning.Trees;

namespace Mlops.Core.Tests.Learning;

/// <summary>A shard as if it lay elsewhere: everything that is not a number crosses as text or bytes, and nothing is shared with the other side.</summary>
internal sealed class WireShard(TrainingSet set) : IBoostingShard
{
    private static readonly JsonSerializerOptions s_json = new() { NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals };
    private readonly LocalShard _other = new(set);

    public IReadOnlyList<FeatureColumn> Features => Cross(_other.Features);

    public int Rows => _other.Rows;

    public string Hash => _other.Hash;

    public BinSketch Sketch(long firstRow) => BinSketch.Deserialize(_other.Sketch(firstRow).Serialize(), Features);

    public void Bin(IReadOnlyList<FeatureBins> bins, BoostingOptions options, CancellationToken cancellationToken)
    {
        float[][] edges = Cross(bins.Select(b => b.Edges).ToArray());
        int[]?[] codes = Cross(bins.Select(b => b.Codes).ToArray());
        _other.Bin([.. edges.Select((e, j) => codes[j] is { } c ? FeatureBins.Categorical(c) : FeatureBins.Numeric(e))], Cross(options) with { Threads = 2 }, cancellationToken);
    }

    public (double Weight, double Answer) Largest() => _other.Largest();

    public Int128[] Totals(double weightUnit, double answerUnit) => Cross(_other.Totals(weightUnit, answerUnit));

    public void Start(double[] baseScores) => _other.Start(Cross(baseScores));

    public (float[] Gradient, float[] Hessian) LargestDerivatives(CancellationToken cancellationToken)
    {
        (float[] gradient, float[] hessian) = _other.LargestDerivatives(cancellationToken);
        return (Cross(gradient), Cross(hessian));
    }

    public void Quantise(double[] gradientUnits, double[] hessianUnits, uint[] seeds, CancellationToken cancellationToken) =>
        _other.Quantise(Cross(gradientUnits), Cross(hessianUnits), Cross(seeds), cancellationToken);

    public void Draw(int output, ulong seed) => _other.Draw(output, seed);

    public (long Sum, int Count) Root() => _other.Root();

    public void AddHistogram(int leaf, int[]? features, long[] histogram)
    {
        long[] own = new long[histogram.Length];
        _other.AddHistogram(leaf, Cross(features), own);
        long[] told = Cross(own);
        for (int i = 0; i < told.Length; i++)
        {
            histogram[i] += told[i];
        }
    }

    public int Part(int leaf, ShardSplit split, int left, int right) => _other.Part(leaf, Cross(split), left, right);

    public void AddToScores(DecisionTree tree, IReadOnlyList<ShardLeaf>? leaves) => _other.AddToScores(Cross(tree), Cross(leaves));

    public (double Loss, double Weight) LossSum() => _other.LossSum();

    private static T Cross<T>(T value) => JsonSerializer.Deserialize<T>(JsonSerializer.Serialize(value, s_json), s_json)!;
}
