using Mlops.Core.Learning.Trees;

namespace Mlops.Core.Learning.Linear;

/// <summary>Linear, logistic and multinomial regression with L1 and L2 penalties.</summary>
/// <remarks>Ridge up to <see cref="MaxNormalEquations"/> features: normal equations by Cholesky. Other smooth objectives: <see cref="Lbfgs"/>.
/// With an L1 part: <see cref="ProximalGradient"/>. A missing value counts as the feature's mean.</remarks>
public static class LinearTrainer
{
    private const int MaxNormalEquations = 1000;

    /// <summary>Least squares: one raw score, identity link.</summary>
    /// <exception cref="ArgumentException">An option is out of range, a column is categorical or a value infinite.</exception>
    public static LinearModel FitRegression(TrainingSet train, LinearOptions options, CancellationToken cancellationToken = default) =>
        Fit(train, options, LinearLoss.Squared, 1, Link.Identity, cancellationToken);

    /// <summary>Logistic (two classes: one raw score, sigmoid) or multinomial (one raw score per class, softmax) regression.</summary>
    /// <exception cref="ArgumentException">An option is out of range, a column is categorical, a value infinite, or an answer not a class.</exception>
    public static LinearModel FitClassification(TrainingSet train, int classes, LinearOptions options, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(train);
        ArgumentOutOfRangeException.ThrowIfLessThan(classes, 2);
        Answers.RequireClasses(train.Y, classes);
        return classes == 2
            ? Fit(train, options, LinearLoss.Logistic, 1, Link.Sigmoid, cancellationToken)
            : Fit(train, options, LinearLoss.Softmax, classes, Link.Softmax, cancellationToken);
    }

    private static LinearModel Fit(TrainingSet train, LinearOptions options, LinearLoss loss, int outputs, Link link, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(train);
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        if (train.X.Features.FirstOrDefault(f => f.IsCategorical) is { } categorical)
        {
            throw new ArgumentException($"Feature '{categorical.Name}' is categorical; a linear model expects numbers. Encode it first.", nameof(train));
        }

        double l1 = options.Strength * options.L1Ratio;
        LinearObjective objective = new(train, loss, outputs, options.Standardise, options.Strength * (1 - options.L1Ratio));
        double[] theta = new double[objective.Parameters];
        if (l1 > 0)
        {
            ProximalGradient.Minimise(objective, theta, l1, options.MaxIterations, options.Tolerance, cancellationToken);
        }
        else if (loss != LinearLoss.Squared || objective.Features > MaxNormalEquations || !TrySolveRidge(objective, theta))
        {
            Lbfgs.Minimise(objective, theta, options.MaxIterations, options.Tolerance, cancellationToken);
        }

        return ToModel(train, objective, theta, link);
    }

    private static bool TrySolveRidge(LinearObjective objective, double[] theta)
    {
        (double[,] gram, double[] right) = objective.NormalEquations();
        for (int j = 0; j < objective.Features; j++)
        {
            gram[j, j] += objective.L2;
        }

        return Cholesky.TrySolve(gram, right, theta);
    }

    /// <summary>Back to the units of the features: β/σ, and the intercept less Σ β·μ/σ. Softmax intercepts are centred: only differences matter.</summary>
    private static LinearModel ToModel(TrainingSet train, LinearObjective objective, double[] theta, Link link)
    {
        int p = objective.Features;
        double[][] coefficients = new double[objective.Outputs][];
        double[] intercepts = new double[objective.Outputs];
        for (int k = 0; k < objective.Outputs; k++)
        {
            coefficients[k] = new double[p];
            intercepts[k] = theta[(k * (p + 1)) + p];
            for (int j = 0; j < p; j++)
            {
                coefficients[k][j] = theta[(k * (p + 1)) + j] / objective.Scales[j];
                intercepts[k] -= coefficients[k][j] * objective.Means[j];
            }
        }

        if (link == Link.Softmax)
        {
            double centre = intercepts.Average();
            for (int k = 0; k < intercepts.Length; k++)
            {
                intercepts[k] -= centre;
            }
        }

        return new LinearModel { Features = train.X.Features, Coefficients = coefficients, Intercepts = intercepts, Means = objective.Means, Link = link };
    }
}
