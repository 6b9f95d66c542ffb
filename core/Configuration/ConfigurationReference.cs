namespace Mlops.Core.Configuration;

/// <summary>All settings of <c>model.yaml</c> as documentation.</summary>
public static class ConfigurationReference
{
    /// <summary>The settings in the order of the documentation.</summary>
    public static IReadOnlyList<ConfigurationKey> Keys => throw new NotImplementedException();
}
