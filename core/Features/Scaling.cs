using Mlops.Core.Learning.Onnx;

namespace Mlops.Core.Features;

/// <summary>Fill a missing value, subtract, divide: in double precision, so that large numbers with small differences keep them.</summary>
/// <param name="Fill">What a missing value counts as, before scaling; null keeps it missing.</param>
/// <param name="Center">What is subtracted.</param>
/// <param name="Scale">What the rest is divided by; not 0.</param>
/// <remarks>A scaled value is limited to ±<see cref="Limit"/>, infinities included, so that one absurd value cannot make a linear model
/// predict infinity. <see cref="None"/> limits nothing.</remarks>
public sealed record Scaling(double? Fill, double Center, double Scale)
{
    /// <summary>The largest scaled value, in standard deviations.</summary>
    public const double Limit = 1000;

    /// <summary>Leaves values as they are.</summary>
    public static Scaling None { get; } = new(null, 0, 1);

    private bool Scales => Center != 0 || Scale != 1 || Fill is not null;

    /// <summary>Scales one value.</summary>
    public float Apply(double value)
    {
        if (double.IsNaN(value))
        {
            if (Fill is not { } fill)
            {
                return float.NaN;
            }

            value = fill;
        }

        return (float)(Scales ? Math.Clamp((value - Center) / Scale, -Limit, Limit) : value);
    }

    /// <summary>Adds nodes that do the same.</summary>
    /// <param name="graph">The graph to add to.</param>
    /// <param name="value">Values of double precision, finite or infinite where <paramref name="missing"/> is false.</param>
    /// <param name="missing">Whether each is missing.</param>
    internal string Emit(OnnxGraph graph, string value, string missing)
    {
        if (!Scales)
        {
            return graph.Cast(graph.Node("Where", [missing, graph.Scalar(double.NaN), value]), OnnxType.Float);
        }

        // Missing is put back last: Clip of NaN is not defined.
        string filled = graph.Node("Where", [missing, graph.Scalar(Fill ?? Center), value]);
        string scaled = graph.Node("Div", [graph.Node("Sub", [filled, graph.Scalar(Center)]), graph.Scalar(Scale)]);
        string limited = graph.Node("Clip", [scaled, graph.Scalar(-Limit), graph.Scalar(Limit)]);
        return graph.Cast(Fill is null ? graph.Node("Where", [missing, graph.Scalar(double.NaN), limited]) : limited, OnnxType.Float);
    }
}
