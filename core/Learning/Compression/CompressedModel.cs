namespace Mlops.Core.Learning.Compression;

/// <summary>A smaller model with what it costs.</summary>
/// <param name="Model">The smaller model.</param>
/// <param name="Metric">The metric that was watched.</param>
/// <param name="Before">Its value for the model as it was, on the hold-out rows.</param>
/// <param name="After">Its value for the smaller model, on the same rows.</param>
/// <param name="LeavesBefore">Leaves of all trees before; 0 for a model without trees.</param>
/// <param name="LeavesAfter">Leaves of all trees after.</param>
public sealed record CompressedModel(FittedModel Model, string Metric, double Before, double After, int LeavesBefore, int LeavesAfter);
