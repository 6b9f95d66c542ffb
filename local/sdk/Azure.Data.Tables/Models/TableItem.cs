using System.Runtime.Serialization;

namespace Azure.Data.Tables.Models;

/// <summary>A table of the account.</summary>
public class TableItem
{
    /// <summary>A table of this name.</summary>
    public TableItem(string name) => Name = name;

    /// <summary>3 to 63 letters and digits, starting with a letter; case-insensitive.</summary>
    [DataMember(Name = "TableName")]
    public string Name { get; }
}
