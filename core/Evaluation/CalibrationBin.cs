namespace Mlops.Core.Evaluation;

/// <summary>Rows whose predicted probability lies in one interval.</summary>
/// <param name="Lower">Where the interval starts.</param>
/// <param name="Upper">Where it ends.</param>
/// <param name="Rows">Rows in it, ≥ 1.</param>
/// <param name="Predicted">Their mean predicted probability.</param>
/// <param name="Actual">The share of them that has the class.</param>
public sealed record CalibrationBin(double Lower, double Upper, int Rows, double Predicted, double Actual);
