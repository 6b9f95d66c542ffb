namespace Mlops.Core.Learning.Compression;

/// <summary>What making a model smaller brought and cost.</summary>
/// <param name="Method">What was asked for.</param>
/// <param name="Applied">Whether the smaller model is used.</param>
/// <param name="Reason">Why, or why not, in a sentence.</param>
/// <param name="Metric">The metric that was watched.</param>
/// <param name="Before">Its value on the hold-out rows for the model as trained.</param>
/// <param name="After">Its value on the same rows for the model that is used.</param>
/// <param name="LeavesBefore">Leaves of all trees before; 0 for a model without trees.</param>
/// <param name="LeavesAfter">Leaves of all trees after.</param>
/// <param name="BytesBefore">Bytes of the ONNX file before, without metadata.</param>
/// <param name="BytesAfter">Bytes of the ONNX file after, without metadata.</param>
public sealed record CompressionReport(
    CompressionMethod Method,
    bool Applied,
    string Reason,
    string Metric,
    double Before,
    double After,
    int LeavesBefore,
    int LeavesAfter,
    int BytesBefore,
    int BytesAfter);
