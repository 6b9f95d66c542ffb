namespace Mlops.Azurite;

/// <summary>How to start Azurite.</summary>
public sealed record AzuriteOptions
{
    /// <summary>Where the data lies; created if missing, used by one Azurite at a time. Null (the default) keeps everything in memory.</summary>
    public string? DataDirectory { get; init; }

    /// <summary>Whether to take the ports 10000 to 10002, which <c>UseDevelopmentStorage=true</c> means, where all three are free. Default false: free ports.</summary>
    public bool PreferUsualPorts { get; init; }

    /// <summary>How long the three services may take to answer. Default one minute: a cold start on a busy machine takes seconds.</summary>
    public TimeSpan StartTimeout { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>Where to look for <c>node_modules/azurite</c>, in this directory and then upward. Default: the directory of the application.</summary>
    public string SearchFrom { get; init; } = AppContext.BaseDirectory;
}
