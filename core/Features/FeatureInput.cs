using Mlops.Core.Data;

namespace Mlops.Core.Features;

/// <summary>A column that a pipeline reads.</summary>
/// <param name="Name">Its header.</param>
/// <param name="Kind">What it held in training; the ONNX input's type follows from it.</param>
public sealed record FeatureInput(string Name, ColumnKind Kind);
