namespace Mlops.Core.Learning.Growing;

/// <summary>The value a leaf should have, and what it gains.</summary>
internal static class LeafValue
{
    /// <summary>argmin over v in [low, high] of G·v + ½(H + l2)·v² + l1·|v|; 0 when nothing bends the objective.</summary>
    public static double Best(double gradient, double hessian, double l1, double l2, double low, double high)
    {
        double g = l1 == 0 ? gradient : Math.Sign(gradient) * Math.Max(0, Math.Abs(gradient) - l1);
        double curvature = hessian + l2;
        double value = curvature > 0 ? -g / curvature : 0;
        return Math.Min(Math.Max(value, low), high);
    }

    /// <summary>Twice the decrease of the objective by value <paramref name="value"/>.</summary>
    public static double Gain(double gradient, double hessian, double l1, double l2, double value) =>
        -((2 * gradient * value) + ((hessian + l2) * value * value) + (2 * l1 * Math.Abs(value)));
}
