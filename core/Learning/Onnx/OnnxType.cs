namespace Mlops.Core.Learning.Onnx;

/// <summary>Element types of tensors, with the numbers of the format.</summary>
internal enum OnnxType
{
    Float = 1,
    Int64 = 7,
    String = 8,
    Bool = 9,
    Float16 = 10,
    Double = 11,
}
