namespace Microsoft.DurableTask;

/// <summary>How an orchestration restarts itself with an empty history.</summary>
public class ContinueAsNewOptions
{
    /// <summary>The input of the next generation; null by default.</summary>
    public object? NewInput { get; set; }

    /// <summary>True (default) hands events that nobody has waited for to the next generation.</summary>
    public bool PreserveUnprocessedEvents { get; set; } = true;

    /// <summary>The version of the next generation; null (default) keeps the version.</summary>
    public string? NewVersion { get; set; }
}
