namespace Mlops.Core.Data;

/// <summary>What the values of a column are. The ONNX input of a feature follows from it: float, int64 or string.</summary>
public enum ColumnKind
{
    /// <summary>A real number. ONNX input: float; missing is NaN.</summary>
    Number,

    /// <summary>A whole number in ±2⁵³. ONNX input: int64; missing is <see cref="long.MinValue"/>.</summary>
    Integer,

    /// <summary>An instant in whole seconds since 1970-01-01 UTC. ONNX input: int64; missing is <see cref="long.MinValue"/>.</summary>
    Timestamp,

    /// <summary>Text, usually a category (true and false are text too). ONNX input: string; missing is the empty string.</summary>
    Text,
}
