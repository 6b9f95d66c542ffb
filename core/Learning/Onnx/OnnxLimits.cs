namespace Mlops.Core.Learning.Onnx;

/// <summary>Bounds on an ONNX file. A file beyond one is refused before anything of it is built in memory.</summary>
/// <remarks>Set above the largest models that this platform trains: 2,000 columns, forests of millions of nodes.</remarks>
public sealed record OnnxLimits
{
    /// <summary>The defaults of every property.</summary>
    public static OnnxLimits Default { get; } = new();

    /// <summary>Bytes of the file. Default 512 MiB.</summary>
    public int MaxBytes { get; init; } = 512 << 20;

    /// <summary>Operators in the graph. Default 100,000.</summary>
    public int MaxNodes { get; init; } = 100_000;

    /// <summary>Constant tensors, as many inputs and outputs, and numbers in an operator that makes columns of a text. Default 100,000.</summary>
    public int MaxTensors { get; init; } = 100_000;

    /// <summary>Names of tensors that all operators read and write. Default 1,000,000.</summary>
    public int MaxNames { get; init; } = 1_000_000;

    /// <summary>Bytes of one name. Default 1,024.</summary>
    public int MaxNameBytes { get; init; } = 1_024;

    /// <summary>Dimensions of a tensor. Default 8.</summary>
    public int MaxRank { get; init; } = 8;

    /// <summary>Elements of a constant tensor, and the size of one fixed dimension. Default 64 Mi.</summary>
    public long MaxTensorElements { get; init; } = 64L << 20;

    /// <summary>Attributes of one operator. Default 64.</summary>
    public int MaxAttributes { get; init; } = 64;

    /// <summary>Values in one attribute's list. Default 16 Mi.</summary>
    public long MaxListValues { get; init; } = 16L << 20;
}
