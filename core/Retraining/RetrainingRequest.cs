namespace Mlops.Core.Retraining;

/// <summary>Somebody or something asks for retraining.</summary>
/// <param name="Id">The request's id; the same request twice is one request.</param>
/// <param name="Model">The model.</param>
/// <param name="Trigger"><c>drift</c>, <c>manual</c> or <c>schedule</c>.</param>
/// <param name="Reason">Why, in words.</param>
/// <param name="Time">When it was asked.</param>
/// <param name="Actor">The caller who asked; null when the platform itself did.</param>
public sealed record RetrainingRequest(string Id, string Model, string Trigger, string Reason, DateTimeOffset Time, string? Actor = null);
