using System.Reflection;
using System.Runtime.InteropServices;
using Mlops.Core.Learning;
using Mlops.Storage.Runs;

namespace Mlops.Functions.Training;

/// <summary>What a run records of where it ran.</summary>
internal static class RunEnvironment
{
    private static readonly string Code =
        typeof(RunEnvironment).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown";

    public static RunRecord NewRun(string pipeline, string id, TrainingPlan plan, CandidateSpec spec, DateTimeOffset now) => new()
    {
        Id = id,
        Model = plan.Model,
        Pipeline = pipeline,
        Status = "running",
        Trainer = spec.Trainer,
        Parameters = spec.Parameters,
        Datasets = plan.Datasets,
        Seed = plan.Seed,
        Code = Code,
        Environment = $"{RuntimeInformation.FrameworkDescription}, {RuntimeInformation.OSDescription}, {RuntimeInformation.ProcessArchitecture}, {Environment.ProcessorCount} processors",
        Started = now,
    };
}
