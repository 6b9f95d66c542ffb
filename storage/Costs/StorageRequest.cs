namespace Mlops.Storage.Costs;

/// <summary>Kinds of requests to storage, as they are priced.</summary>
internal enum StorageRequest
{
    /// <summary>Deleting costs nothing.</summary>
    Free,

    /// <summary>A blob is read, or looked at.</summary>
    BlobRead,

    /// <summary>Blobs are listed, or a container is made.</summary>
    BlobList,

    /// <summary>A blob is written, or what belongs to it.</summary>
    BlobWrite,

    /// <summary>Anything with a table.</summary>
    Table,

    /// <summary>Anything with a queue.</summary>
    Queue,
}
