namespace Mlops.Core.Learning.Compression;

/// <summary>How a trained model is made smaller before it is exported.</summary>
public enum CompressionMethod
{
    /// <summary>Not at all.</summary>
    None,

    /// <summary>A linear model's coefficients are stored in half precision; ONNX stores the numbers of trees in single precision, so that trees stay as they are.</summary>
    Float16,

    /// <summary>The last trees are left out.</summary>
    Pruned,

    /// <summary>Few small trees learn to say what the model says.</summary>
    Distilled,
}
