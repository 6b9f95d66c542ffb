using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;

namespace Mlops.Cli;

/// <summary><c>check serving</c>: does an endpoint hold its latency and its error rate under load?</summary>
internal static class CheckServing
{
    /// <summary>Two checks: errors, and the 95th percentile of the latency, in milliseconds and over the answered requests.</summary>
    public static async Task<CheckReport> RunAsync(Arguments arguments, CancellationToken cancellationToken)
    {
        using HttpClient client = Endpoint.Client(arguments.Operands(2)[0]);
        string path = $"api/models/{Uri.EscapeDataString(arguments.Required("model"))}/predict";
        byte[] body = await File.ReadAllBytesAsync(arguments.Required("rows"), cancellationToken);
        int requests = (int)arguments.Number("requests", 200, 1);
        double allowedErrors = arguments.Number("errors", 0, 0);
        double allowedLatency = arguments.Number("p95", double.PositiveInfinity, 0);
        double[] latencies = new double[requests];
        int failures = 0;
        string? firstFailure = null;
        ParallelOptions parallel = new() { MaxDegreeOfParallelism = (int)arguments.Number("concurrency", 8, 1), CancellationToken = cancellationToken };
        await Parallel.ForAsync(0, requests, parallel, async (i, token) =>
        {
            long start = Stopwatch.GetTimestamp();
            try
            {
                using ByteArrayContent content = new(body);
                content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
                using HttpResponseMessage response = await client.PostAsync(path, content, token);
                string answer = await response.Content.ReadAsStringAsync(token);
                latencies[i] = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
                if (!response.IsSuccessStatusCode)
                {
                    Fail(i, $"{(int)response.StatusCode}: {answer[..Math.Min(answer.Length, 500)]}");
                }
            }
            catch (Exception exception) when (exception is HttpRequestException || (exception is TaskCanceledException && !token.IsCancellationRequested))
            {
                Fail(i, exception.Message);
            }
        });

        CheckReport report = new("mlops check serving");
        double errors = 100.0 * failures / requests;
        report.Add("errors", Text($"{errors:0.##} % of {requests} requests"), errors <= allowedErrors ? null : Text($"At most {allowedErrors:0.##} % are allowed. The first: {firstFailure}"));
        double[] answered = [.. latencies.Where(latency => latency > 0).Order()];
        double p95 = Percentile(answered, 0.95);
        report.Add(
            "latency",
            Text($"p50 {Percentile(answered, 0.5):0} ms, p95 {p95:0} ms, p99 {Percentile(answered, 0.99):0} ms"),
            p95 <= allowedLatency || (answered.Length == 0 && double.IsPositiveInfinity(allowedLatency)) ? null : Text($"p95 may be at most {allowedLatency:0} ms."));
        return report;

        void Fail(int request, string why)
        {
            latencies[request] = 0;
            Interlocked.Increment(ref failures);
            Interlocked.CompareExchange(ref firstFailure, why, null);
        }
    }

    /// <summary>The smallest value that at least the fraction <paramref name="p"/> of the ascending values do not exceed; NaN of none.</summary>
    public static double Percentile(ReadOnlySpan<double> ascending, double p) =>
        ascending.IsEmpty ? double.NaN : ascending[Math.Clamp((int)Math.Ceiling(p * ascending.Length) - 1, 0, ascending.Length - 1)];

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
