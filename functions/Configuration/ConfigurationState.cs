namespace Mlops.Functions.Configuration;

/// <summary>How the <c>model.yaml</c> in storage relates to the one that was last applied.</summary>
public enum ConfigurationState
{
    /// <summary>There is no file: the conventions hold.</summary>
    Convention,

    /// <summary>Somebody dropped the file; none was ever applied.</summary>
    Dropped,

    /// <summary>The file is the one that was applied.</summary>
    Applied,

    /// <summary>The file was changed or deleted after one had been applied.</summary>
    Drifted,
}
