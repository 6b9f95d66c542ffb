namespace Microsoft.DurableTask.Abstractions;

/// <summary>How versions of orchestrations are ordered.</summary>
public static class TaskOrchestrationVersioningUtils
{
    /// <summary>Compares two versions: no version is the smallest, numeric versions ("1.10") compare by number, others as text without regard to case.</summary>
    /// <returns>Negative, zero or positive as the source is smaller, equal or greater.</returns>
    public static int CompareVersions(string sourceVersion, string otherVersion)
    {
        bool hasSource = !string.IsNullOrWhiteSpace(sourceVersion);
        bool hasOther = !string.IsNullOrWhiteSpace(otherVersion);
        if (!hasSource || !hasOther)
        {
            return hasSource.CompareTo(hasOther);
        }

        return Version.TryParse(sourceVersion, out Version? source) && Version.TryParse(otherVersion, out Version? other)
            ? source.CompareTo(other)
            : string.Compare(sourceVersion, otherVersion, StringComparison.OrdinalIgnoreCase);
    }
}
