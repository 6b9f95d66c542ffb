using System.Runtime.InteropServices;
using Microsoft.Extensions.Configuration;
using Microsoft.ML.OnnxRuntime;
using Mlops.Functions.Hosting;
using Mlops.Functions.Training;
using Mlops.Storage.Operations;
using NCrontab;

namespace Mlops.Functions.Operations;

/// <summary>What only the running app can say of itself: its versions, and settings that it alone reads.</summary>
public sealed class AppChecks(IConfiguration settings)
{
    /// <summary>All of them.</summary>
    public IReadOnlyList<Finding> Run() => [Versions(), Schedule()];

    private static Finding Versions()
    {
        string app = $"app {Telemetry.Code}, pipelines of version {TrainingPipeline.Version}, {RuntimeInformation.FrameworkDescription}";
        try
        {
            return new Finding("versions", FindingSeverity.Ok, $"{app}, ONNX Runtime {OrtEnv.Instance().GetVersionString()}");
        }
        catch (Exception exception) when (exception is DllNotFoundException or TypeInitializationException or EntryPointNotFoundException or OnnxRuntimeException)
        {
            return new Finding("versions", FindingSeverity.Error, $"{app}; ONNX Runtime does not load: {exception.Message}", "Deploy again: the package lacks the native library for this system (azd deploy; on one machine: dotnet build)");
        }
    }

    private Finding Schedule() =>
        CrontabSchedule.TryParse(settings["MlopsDriftSchedule"], new CrontabSchedule.ParseOptions { IncludingSeconds = true }) is not null
            ? new Finding("schedule", FindingSeverity.Ok, $"drift is checked on the schedule {settings["MlopsDriftSchedule"]}")
            : new Finding("schedule", FindingSeverity.Error, "MlopsDriftSchedule is no NCRONTAB expression with six fields: the drift timer does not run", "azd env set DRIFT_SCHEDULE '0 0 * * * *' && azd provision");
}
