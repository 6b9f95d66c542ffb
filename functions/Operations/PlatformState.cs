using System.Globalization;
using Mlops.Core.Registry;
using Mlops.Core.Statistics;
using Mlops.Core.Traffic;
using Mlops.Storage.Inference;
using Mlops.Storage.Monitoring;
using Mlops.Storage.Operations;
using Mlops.Storage.Pipelines;
using Mlops.Storage.Registry;
using Mlops.Storage.Retraining;

namespace Mlops.Functions.Operations;

/// <summary>
/// What all instances together have done, from what lies in storage: it is the same whichever instance answers, and survives scaling to zero.
/// Reading it costs some four requests a model and one for each version that was asked in the last hours, whatever happened before.
/// </summary>
public sealed class PlatformState(
    RegistryStore registry, TrafficTotals traffic, PipelineOutcomes outcomes, DriftStore drift, RetrainingStore retraining, QueueMeter queues, HeartbeatStore heartbeats)
{
    internal async Task<IReadOnlyList<MetricFamily>> ReadAsync(CancellationToken cancellationToken)
    {
        List<MetricFamily> families = [new MetricFamily("mlops_build_info", "gauge", "The version of the app that answers.").Add(1, ("version", Hosting.Telemetry.Code))];
        families.AddRange(Traffic(await traffic.ReadAsync(cancellationToken)));
        MetricFamily pipelines = new("mlops_pipelines_total", "counter", "Pipelines that ended, by what started them and how they ended.");
        foreach (OutcomeCount count in await outcomes.ReadAsync(cancellationToken))
        {
            pipelines.Add(count.Count, ("model", count.Model), ("trigger", count.Trigger), ("outcome", count.Status));
        }

        families.Add(pipelines);
        families.AddRange(await ModelsAsync(cancellationToken));
        families.AddRange(await QueuesAsync(cancellationToken));
        return families;
    }

    private static IEnumerable<MetricFamily> Traffic(IReadOnlyList<VersionTraffic> versions)
    {
        MetricFamily requests = new("mlops_prediction_requests_total", "counter", "Prediction requests answered, errors included.");
        MetricFamily errors = new("mlops_prediction_errors_total", "counter", "Prediction requests that failed by the model's or the platform's fault.");
        MetricFamily latency = new("mlops_prediction_duration_seconds", "histogram", "Time to score the rows of one request.");
        foreach (VersionTraffic version in versions)
        {
            (string, string)[] labels = [("model", version.Model), ("version", Text(version.Version))];
            requests.Add(version.Counts.Requests, labels);
            errors.Add(version.Counts.Errors, labels);
            LatencyHistogram histogram = version.Counts.Latency ?? LatencyHistogram.Empty;
            long below = 0;
            for (int bin = 0; bin < histogram.Counts.Count; bin++)
            {
                below += histogram.Counts[bin];
                double edge = bin < LatencyHistogram.Edges.Count ? LatencyHistogram.Edges[bin] / 1000 : double.PositiveInfinity;
                latency.Add("_bucket", below, [.. labels, ("le", PrometheusText.Number(edge))]);
            }

            latency.Add("_sum", version.Counts.Milliseconds / 1000, labels).Add("_count", below, labels);
        }

        return [requests, errors, latency];
    }

    private async Task<IReadOnlyList<MetricFamily>> ModelsAsync(CancellationToken cancellationToken)
    {
        MetricFamily versions = new("mlops_model_versions", "gauge", "Registered versions by state.");
        MetricFamily champion = new("mlops_model_champion_version", "gauge", "The version that serves by default.");
        MetricFamily verdict = new("mlops_drift_verdict", "gauge", "1 for the verdict of the last drift check, 0 for the others.");
        MetricFamily rows = new("mlops_drift_window_rows", "gauge", "Predictions in the window of the last drift check.");
        MetricFamily time = new("mlops_drift_last_check_timestamp_seconds", "gauge", "When the last drift check was made.");
        MetricFamily decisions = new("mlops_retraining_decisions_total", "counter", "Requests for retraining by the governor's answer.");
        foreach (string model in await registry.ListModelsAsync(cancellationToken))
        {
            ModelRecord record = await registry.ReadAsync(model, cancellationToken);
            foreach (VersionState state in Enum.GetValues<VersionState>())
            {
                versions.Add(record.Versions.Count(version => version.State == state), ("model", model), ("state", Text(state)));
            }

            if (record.Traffic is { } policy)
            {
                champion.Add(policy.Champion, ("model", model));
            }

            if ((await drift.ListAsync(model, 1, cancellationToken)).FirstOrDefault() is { } last)
            {
                foreach (DriftVerdict possible in Enum.GetValues<DriftVerdict>())
                {
                    verdict.Add(last.Verdict == possible ? 1 : 0, ("model", model), ("verdict", Text(possible)));
                }

                rows.Add(last.Rows, ("model", model));
                time.Add(Seconds(last.Time), ("model", model));
            }

            GovernorSnapshot governor = await retraining.ReadStateAsync(model, cancellationToken);
            decisions.Add(governor.Accepted, ("model", model), ("answer", "accepted")).Add(governor.Refused, ("model", model), ("answer", "refused"));
        }

        return [versions, champion, verdict, rows, time, decisions];
    }

    private async Task<IReadOnlyList<MetricFamily>> QueuesAsync(CancellationToken cancellationToken)
    {
        MetricFamily messages = new("mlops_queue_messages", "gauge", "Messages in a queue, about; those of poison queues wait for somebody.");
        foreach ((string queue, int count) in await queues.CountAsync(cancellationToken))
        {
            messages.Add(count, ("queue", queue));
        }

        MetricFamily success = new("mlops_function_last_success_timestamp_seconds", "gauge", "When a timer or queue function last ended well.");
        foreach (Heartbeat heartbeat in await heartbeats.ReadAsync(cancellationToken))
        {
            if (heartbeat.LastSuccess is { } last)
            {
                success.Add(Seconds(last), ("function", heartbeat.Function));
            }
        }

        return [messages, success];
    }

    private static double Seconds(DateTimeOffset time) => time.ToUnixTimeMilliseconds() / 1000.0;

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    // camelCase to snake_case, as labels are written.
    private static string Text(Enum value) => string.Concat(value.ToString().Select((c, i) => char.IsUpper(c) && i > 0 ? $"_{char.ToLowerInvariant(c)}" : char.ToLowerInvariant(c).ToString()));
}
