using Mlops.Core.Learning.Trees;

namespace Mlops.Core.Learning.Boosting.Losses;

/// <summary>A loss with its derivatives by raw score, over blocks of rows.</summary>
internal abstract class Loss
{
    /// <summary>Raw scores per row.</summary>
    public virtual int Width => 1;

    public abstract Link Link { get; }

    /// <summary>Largest leaf value before the learning rate. Where the curvature changes with the score, a longer Newton step leaves the region
    /// in which its quadratic model holds; with a rare class it would diverge.</summary>
    public virtual double MaxStep => double.PositiveInfinity;

    /// <summary>Whether a leaf's value is a quantile of its residuals instead of a Newton step; NaN when not.</summary>
    public virtual double LeafQuantile => double.NaN;

    /// <summary>Throws when an answer is impossible for this loss.</summary>
    public virtual void Check(ReadOnlySpan<float> y)
    {
    }

    /// <summary>The best constant raw scores, from the weighted mean of the answers or, with classes, the share of each.</summary>
    public virtual double[] BaseScores(double[] means) => throw new NotSupportedException("This loss starts from a quantile.");

    /// <summary>The best constant raw scores of a loss that starts from a quantile.</summary>
    public virtual double[] BaseScores(ReadOnlySpan<float> y, float[]? weights) => throw new NotSupportedException("This loss starts from a mean.");

    /// <summary>Derivatives of the unweighted loss by each raw score.</summary>
    /// <param name="y">Answers of the block.</param>
    /// <param name="scores">Raw scores of the block, one span-long run per output: scores[k · y.Length + i].</param>
    /// <param name="gradients">OUT. First derivatives, laid out as the scores.</param>
    /// <param name="hessians">OUT. Second derivatives (or a majorant), ≥ 0, laid out as the scores.</param>
    public abstract void Derivatives(ReadOnlySpan<float> y, ReadOnlySpan<float> scores, Span<float> gradients, Span<float> hessians);

    /// <summary>The loss of one row.</summary>
    /// <param name="y">The answer.</param>
    /// <param name="raw">The raw scores.</param>
    public abstract double Value(float y, ReadOnlySpan<double> raw);

    /// <summary>The loss that the options name.</summary>
    public static Loss Of(BoostingOptions options) => options.Loss switch
    {
        BoostingLoss.Squared => new SquaredLoss(),
        BoostingLoss.Absolute => new QuantileLoss(0.5, 2),
        BoostingLoss.Quantile => new QuantileLoss(options.Quantile, 1),
        BoostingLoss.Poisson => new PoissonLoss(),
        BoostingLoss.Tweedie => new TweedieLoss(options.TweediePower),
        BoostingLoss.Binary => new BinaryLoss(),
        _ => new MultiClassLoss(options.Classes),
    };
}
