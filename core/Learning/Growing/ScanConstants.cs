namespace Mlops.Core.Learning.Growing;

/// <summary>What the gain of a cut depends on besides its sums.</summary>
/// <param name="GradientUnit">What a quantised gradient of 1 stands for.</param>
/// <param name="HessianUnit">What a quantised hessian of 1 stands for.</param>
/// <param name="L2">L2 penalty.</param>
/// <param name="Low">Least leaf value.</param>
/// <param name="High">Largest leaf value.</param>
/// <param name="MinHessian">Least hessian of a side, in quantised units, above 0.</param>
/// <param name="ParentGain">Gain of the leaf left whole, plus the least gain.</param>
internal readonly record struct ScanConstants(double GradientUnit, double HessianUnit, double L2, double Low, double High, double MinHessian, double ParentGain);
