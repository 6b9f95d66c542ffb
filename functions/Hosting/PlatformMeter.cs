using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Mlops.Functions.Hosting;

/// <summary>
/// What this instance measures, in the units of the OpenTelemetry conventions (seconds, and counts in braces). Sent while it runs, where an exporter is set up; what
/// all instances did together is in storage and at <c>GET /api/metrics</c>.
/// </summary>
internal static class PlatformMeter
{
    private static readonly Histogram<double> PredictionDuration = Telemetry.Meter.CreateHistogram(
        "mlops.prediction.duration", "s", "Time to score the rows of one request.",
        advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10] });

    private static readonly Counter<long> PredictionRows = Telemetry.Meter.CreateCounter<long>("mlops.prediction.rows", "{row}", "Rows scored.");

    private static readonly Histogram<double> StepDuration = Telemetry.Meter.CreateHistogram<double>("mlops.pipeline.step.duration", "s", "Time of one step of a pipeline.");

    private static readonly Histogram<double> PipelineDuration = Telemetry.Meter.CreateHistogram<double>("mlops.pipeline.duration", "s", "Time from the start of a pipeline to its outcome.");

    private static readonly Gauge<double> DriftEffect = Telemetry.Meter.CreateGauge<double>("mlops.drift.effect", "1", "The largest change of a column in the last window, in the unit of monitoring.minimumEffect.");

    private static readonly Counter<long> Retraining = Telemetry.Meter.CreateCounter<long>("mlops.retraining.decisions", "{decision}", "Decisions on requests for retraining.");

    private static readonly Histogram<double> MessageLag = Telemetry.Meter.CreateHistogram<double>("mlops.message.lag", "s", "Time from an event to its handling.");

    public static void Predicted(string model, int version, int rows, TimeSpan duration, Exception? failure = null)
    {
        TagList tags = new() { { Telemetry.Model, model }, { Telemetry.ModelVersion, version } };
        if (failure is null)
        {
            PredictionRows.Add(rows, tags);
        }
        else
        {
            tags.Add(Telemetry.ErrorType, failure.GetType().FullName);
        }

        PredictionDuration.Record(duration.TotalSeconds, tags);
    }

    public static void StepEnded(string? model, string step, TimeSpan duration, Exception? failure = null)
    {
        TagList tags = new() { { Telemetry.Model, model }, { Telemetry.Step, step } };
        if (failure is not null)
        {
            tags.Add(Telemetry.ErrorType, failure.GetType().FullName);
        }

        StepDuration.Record(duration.TotalSeconds, tags);
    }

    public static void PipelineEnded(string model, string trigger, string outcome, TimeSpan duration) =>
        PipelineDuration.Record(duration.TotalSeconds, new TagList { { Telemetry.Model, model }, { Telemetry.Trigger, trigger }, { Telemetry.Outcome, outcome } });

    public static void DriftChecked(string model, int version, double effect) =>
        DriftEffect.Record(effect, new TagList { { Telemetry.Model, model }, { Telemetry.ModelVersion, version } });

    public static void RetrainingDecided(string model, string trigger, bool accepted) =>
        Retraining.Add(1, new TagList { { Telemetry.Model, model }, { Telemetry.Trigger, trigger }, { "mlops.retraining.accepted", accepted } });

    /// <summary>An event was taken up; a sender's clock ahead of ours counts as no lag.</summary>
    public static void EventTaken(string queue, TimeSpan lag) =>
        MessageLag.Record(Math.Max(0, lag.TotalSeconds), new TagList { { Telemetry.Destination, queue } });
}
