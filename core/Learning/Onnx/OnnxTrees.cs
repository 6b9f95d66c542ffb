using Mlops.Core.Learning.Trees;

namespace Mlops.Core.Learning.Onnx;

/// <summary>The trees of an ONNX file.</summary>
/// <param name="Ensemble">The trees; its raw scores are those of the operator, with base values and the scale and offsets that directly follow it.</param>
/// <param name="FeatureTensor">The tensor of the features, [N, features].</param>
/// <param name="IsInput">Whether that tensor is an input of the model; otherwise the model computes it from its inputs.</param>
/// <param name="HasCover">Whether the file says how many rows reached each node, which path-dependent SHAP values need.</param>
public sealed record OnnxTrees(TreeEnsemble Ensemble, string FeatureTensor, bool IsInput, bool HasCover);
