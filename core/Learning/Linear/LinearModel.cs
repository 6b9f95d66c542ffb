using Mlops.Core.Learning.Trees;

namespace Mlops.Core.Learning.Linear;

/// <summary>raw[k] = Intercepts[k] + Σⱼ Coefficients[k][j] · x[j], and the link that makes predictions of it. Data only.</summary>
/// <remarks>Coefficients are in the units of the features as given (the standardising inside the trainer is folded in). A missing value
/// counts as the feature's training mean, kept in <see cref="Means"/>; a pipeline that imputes leaves none.</remarks>
public sealed class LinearModel
{
    /// <summary>The columns the model was trained on, in order; all numeric.</summary>
    public required IReadOnlyList<FeatureColumn> Features { get; init; }

    /// <summary>One vector of coefficients per raw score.</summary>
    public required double[][] Coefficients { get; init; }

    /// <summary>One intercept per raw score.</summary>
    public required double[] Intercepts { get; init; }

    /// <summary>Per feature its weighted mean in training: what a missing value counts as, and the reference of linear SHAP.</summary>
    public required double[] Means { get; init; }

    /// <summary>How raw scores become predictions.</summary>
    public required Link Link { get; init; }

    /// <summary>Raw scores per row.</summary>
    public int Width => Intercepts.Length;

    /// <summary>Predictions per row: one per class, or 1 for regression.</summary>
    public int Outputs => Links.Outputs(Link, Width);

    /// <summary>Predictions of every row.</summary>
    /// <exception cref="ArgumentException">The matrix has another number of columns.</exception>
    public Predictions Predict(FeatureMatrix x)
    {
        ArgumentNullException.ThrowIfNull(x);
        if (x.Columns != Features.Count)
        {
            throw new ArgumentException($"The matrix has {x.Columns} columns; the model was trained on {Features.Count}.", nameof(x));
        }

        float[] scores = new float[x.Rows * Outputs];
        double[] raw = new double[Width];
        for (int i = 0; i < x.Rows; i++)
        {
            for (int k = 0; k < Width; k++)
            {
                double sum = Intercepts[k];
                for (int j = 0; j < x.Columns; j++)
                {
                    double value = x[i, j];
                    sum += Coefficients[k][j] * (double.IsNaN(value) ? Means[j] : value);
                }

                raw[k] = sum;
            }

            Links.Apply(Link, raw, scores.AsSpan(i * Outputs, Outputs));
        }

        return new Predictions(scores, Outputs);
    }
}
