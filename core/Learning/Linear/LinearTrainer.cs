namespace Mlops.Core.Learning.Linear;

/// <summary>Linear, logistic and multinomial regression with L1 and L2 penalties.</summary>
public static class LinearTrainer
{
    /// <summary>Least squares: one raw score, identity link.</summary>
    public static LinearModel FitRegression(TrainingSet train, LinearOptions options, CancellationToken cancellationToken = default) => throw new NotImplementedException();

    /// <summary>Logistic (two classes: one raw score, sigmoid) or multinomial (one raw score per class, softmax) regression.</summary>
    public static LinearModel FitClassification(TrainingSet train, int classes, LinearOptions options, CancellationToken cancellationToken = default) => throw new NotImplementedException();
}
