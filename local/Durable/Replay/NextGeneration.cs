using Mlops.Local.Durable.History;

namespace Mlops.Local.Durable.Replay;

/// <summary>How a new generation begins.</summary>
/// <param name="Input">Its input.</param>
/// <param name="Version">Its version; null keeps the version.</param>
/// <param name="Events">The events that nobody has waited for, in their order.</param>
internal sealed record NextGeneration(string? Input, string? Version, IReadOnlyList<HistoryRecord> Events);
