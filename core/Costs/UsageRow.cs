namespace Mlops.Core.Costs;

/// <summary>What one model used on one day for one purpose.</summary>
/// <param name="Model">The model; empty: what cannot be told from the others.</param>
/// <param name="Kind">The purpose.</param>
/// <param name="Day">The day, UTC.</param>
/// <param name="Used">What was used.</param>
public sealed record UsageRow(string Model, UsageKind Kind, DateOnly Day, Usage Used);
