namespace Mlops.Functions.Training;

/// <summary>How many threads a training may use. What is learned does not depend on it.</summary>
internal static class TrainingThreads
{
    /// <summary>Activities that the host runs at a time: <c>durableTask.maxConcurrentActivityFunctions</c> of host.json, to which a test holds it.</summary>
    public const int Activities = 2;

    /// <summary>The processors' share of one activity, so that all that run at a time fill the machine and no more; ≥ 1.</summary>
    public static int Count { get; } = Math.Max(1, Environment.ProcessorCount / Activities);
}
