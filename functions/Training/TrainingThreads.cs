namespace Mlops.Functions.Training;

/// <summary>How many threads a training may use. What is learned does not depend on it.</summary>
internal static class TrainingThreads
{
    // host.json: durableTask.maxConcurrentActivityFunctions.
    private const int Activities = 2;

    /// <summary>The processors' share of one activity, so that all that run at a time fill the machine and no more; ≥ 1.</summary>
    public static int Count { get; } = Math.Max(1, Environment.ProcessorCount / Activities);
}
