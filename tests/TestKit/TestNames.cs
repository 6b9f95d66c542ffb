namespace Mlops.TestKit;

/// <summary>Names that no other test uses, so that tests share one storage account and run side by side.</summary>
public static class TestNames
{
    /// <summary>A table name: letters and digits.</summary>
    public static string Table(string prefix = "t") => prefix + Suffix();

    /// <summary>A container name: lower-case letters, digits and hyphens.</summary>
    public static string Container(string prefix = "c") => $"{prefix}-{Suffix()}";

    /// <summary>A queue name: lower-case letters, digits and hyphens.</summary>
    public static string Queue(string prefix = "q") => $"{prefix}-{Suffix()}";

    /// <summary>A model name: lower-case letters, digits and hyphens.</summary>
    public static string Model(string prefix = "model") => $"{prefix}-{Suffix()}";

    private static string Suffix() => Guid.NewGuid().ToString("N")[..12];
}
