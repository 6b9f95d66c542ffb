using System.Collections.Frozen;

namespace Mlops.Core.Learning.Onnx;

/// <summary>The operators that a tabular model may use: what this platform exports, and what converters of tabular models write.</summary>
/// <remarks>Left out on purpose: control flow (If, Loop, Scan, SequenceMap), everything random, and operators that make a large tensor from a small one by a
/// number in the file (ConstantOfShape, Range, Tile, Pad, Resize, EyeLike). Every operator listed belongs to the standard, none to a runtime's own domains.</remarks>
internal static class OnnxOperators
{
    /// <summary>The domain of standard operators has two spellings.</summary>
    public static readonly FrozenSet<string> StandardDomains = FrozenSet.Create(StringComparer.Ordinal, string.Empty, "ai.onnx");

    /// <summary>The domain of classical machine learning.</summary>
    public const string MachineLearningDomain = "ai.onnx.ml";

    /// <summary>Words and their pairs to columns: the numbers in the file say how many.</summary>
    public const string TextColumns = "TfIdfVectorizer";

    /// <summary>Operators of <c>ai.onnx</c>.</summary>
    public static readonly FrozenSet<string> Standard = FrozenSet.Create(
        StringComparer.Ordinal,
        "Abs", "Add", "And", "ArgMax", "ArgMin", "Cast", "Ceil", "Clip", "Concat", "Constant", "Div", "Equal", "Erf", "Exp", "Expand", "Flatten", "Floor", "Gather",
        "Gemm", "Greater", "GreaterOrEqual", "Identity", "IsInf", "IsNaN", "Less", "LessOrEqual", "Log", "LogSoftmax", "MatMul", "Max", "Mean", "Min", "Mod", "Mul",
        "Neg", "Not", "Or", "Pow", "Reciprocal", "ReduceMax", "ReduceMean", "ReduceMin", "ReduceSum", "ReduceSumSquare", "ReduceL1", "ReduceL2", "ReduceLogSumExp",
        "Relu", "Reshape", "Round", "Shape", "Sigmoid", "Sign", "Slice", "Softmax", "Softplus", "Split", "Sqrt", "Squeeze", "StringNormalizer", "StringSplit", "Sub",
        "Sum", "Tanh", TextColumns, "TopK", "Transpose", "Unsqueeze", "Where", "Xor");

    /// <summary>Operators of <c>ai.onnx.ml</c>.</summary>
    public static readonly FrozenSet<string> MachineLearning = FrozenSet.Create(
        StringComparer.Ordinal,
        "ArrayFeatureExtractor", "Binarizer", "CategoryMapper", "FeatureVectorizer", "Imputer", "LabelEncoder", "LinearClassifier", "LinearRegressor", "Normalizer",
        "OneHotEncoder", "Scaler", "SVMClassifier", "SVMRegressor", "TreeEnsembleClassifier", "TreeEnsembleRegressor", "ZipMap");
}
