namespace Mlops.Storage;

/// <summary>What should lie in storage is not there or not readable: a deleted blob or a damaged row, not a user's mistake.</summary>
public sealed class StoredDataException : Exception
{
    /// <summary>A message that says where, found, expected and remedy.</summary>
    public StoredDataException(string message)
        : base(message)
    {
    }

    internal static StoredDataException Missing(string container, string name) =>
        new($"Blob '{container}/{name}' is missing. Expected it to have been written by an earlier step; restore it from soft delete or start the pipeline again.");

    internal static StoredDataException Empty(string container, string name) =>
        new($"Blob '{container}/{name}' holds null. Expected a JSON document; restore an earlier version of it or start the pipeline again.");
}
