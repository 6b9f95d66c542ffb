namespace Mlops.Core.Costs;

/// <summary>What something was used for.</summary>
public enum UsageKind
{
    /// <summary>Training, validation, looking at things: what is neither of the others.</summary>
    Work,

    /// <summary>Answering predictions, with their log.</summary>
    Serving,

    /// <summary>Timers: they fire whether anybody uses the platform or not.</summary>
    Timers,
}
