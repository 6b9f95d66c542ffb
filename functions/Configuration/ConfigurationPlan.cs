using Mlops.Core.Configuration;

namespace Mlops.Functions.Configuration;

/// <summary>What applying a <c>model.yaml</c> would do.</summary>
/// <param name="Model">The model.</param>
/// <param name="State">How the present file relates to the last applied one.</param>
/// <param name="Base">SHA-256 of the present file, or null when there is none: what an apply of this plan has to find unchanged.</param>
/// <param name="Proposed">SHA-256 of the proposed file.</param>
/// <param name="Changes">Settings that change; none when only the wording does.</param>
/// <param name="Trains">Whether the next training gives another model than it would have.</param>
/// <param name="Batches">Kept batches that would be blocked now; null when their check does not change.</param>
/// <param name="Floors">Versions that would not pass the floors; null when the gate does not change.</param>
public sealed record ConfigurationPlan(
    string Model,
    ConfigurationState State,
    string? Base,
    string Proposed,
    IReadOnlyList<ConfigurationChange> Changes,
    bool Trains,
    BatchCheck? Batches,
    IReadOnlyList<string>? Floors);

/// <summary>Kept batches, checked by a proposed configuration.</summary>
/// <param name="Checked">Batches checked, newest first.</param>
/// <param name="Kept">Batches there are.</param>
/// <param name="Blocked">Those that would be blocked if they arrived now.</param>
public sealed record BatchCheck(int Checked, int Kept, IReadOnlyList<BlockedBatch> Blocked);

/// <summary>A kept batch that a proposed configuration would block.</summary>
/// <param name="Dataset">Its dataset version.</param>
/// <param name="Source">The file it came from.</param>
/// <param name="Findings">Why, at most five findings.</param>
public sealed record BlockedBatch(string Dataset, string Source, IReadOnlyList<string> Findings);
