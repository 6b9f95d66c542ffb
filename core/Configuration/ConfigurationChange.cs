namespace Mlops.Core.Configuration;

/// <summary>One setting that differs between two configurations.</summary>
/// <param name="Key">The setting, for example <c>training.folds</c>.</param>
/// <param name="Before">Its value before, in canonical form.</param>
/// <param name="After">Its value after, in canonical form.</param>
/// <param name="Effect">What changes with it, and from when on.</param>
public sealed record ConfigurationChange(string Key, string Before, string After, string Effect)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Key}: {Before} → {After} ({Effect})";
}
