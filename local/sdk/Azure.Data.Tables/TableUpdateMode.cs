namespace Azure.Data.Tables;

/// <summary>What an update does with the properties that it does not name.</summary>
public enum TableUpdateMode
{
    /// <summary>Keeps them.</summary>
    Merge = 0,

    /// <summary>Removes them.</summary>
    Replace = 1,
}
