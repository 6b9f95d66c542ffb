using Mlops.Core.Learning.Linear;

namespace Mlops.Core.Learning.Explanation;

/// <summary>Shapley values of linear models, of the raw scores before the link: φⱼ = βⱼ (xⱼ − meanⱼ), features taken as independent.</summary>
public static class LinearShap
{
    /// <summary>Explains rows. O(rows · outputs · features).</summary>
    public static ShapValues Explain(LinearModel model, FeatureMatrix x)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(x);
        int features = model.Features.Count;
        if (x.Columns != features)
        {
            throw new ArgumentException($"The matrix has {x.Columns} columns; the model was trained on {features}.", nameof(x));
        }

        double[] expected = new double[model.Width];
        for (int k = 0; k < model.Width; k++)
        {
            expected[k] = model.Intercepts[k];
            for (int j = 0; j < features; j++)
            {
                expected[k] += model.Coefficients[k][j] * model.Means[j];
            }
        }

        double[] values = new double[(long)x.Rows * model.Width * features];
        for (int i = 0; i < x.Rows; i++)
        {
            for (int k = 0; k < model.Width; k++)
            {
                for (int j = 0; j < features; j++)
                {
                    float value = x[i, j];
                    values[(((i * model.Width) + k) * features) + j] = float.IsNaN(value) ? 0 : model.Coefficients[k][j] * (value - model.Means[j]);
                }
            }
        }

        return new ShapValues(values, expected, features);
    }
}
