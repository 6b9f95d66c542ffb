namespace Mlops.Core.Learning.Forecasting;

/// <summary>What a rolling-origin evaluation found.</summary>
/// <param name="AbsoluteErrors">By origin, then by step ahead.</param>
public sealed record RollingOriginResult(IReadOnlyList<IReadOnlyList<double>> AbsoluteErrors)
{
    /// <summary>Mean absolute error over all origins and steps.</summary>
    public double MeanAbsoluteError => AbsoluteErrors.Average(origin => origin.Average());

    /// <summary>Mean absolute error by step ahead.</summary>
    public IReadOnlyList<double> ByStep => Enumerable.Range(0, AbsoluteErrors[0].Count).Select(h => AbsoluteErrors.Average(origin => origin[h])).ToArray();
}
