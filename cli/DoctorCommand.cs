using System.Text.Json;
using Mlops.Storage;
using Mlops.Storage.Operations;

namespace Mlops.Cli;

/// <summary><c>doctor</c>: is everything there, allowed and running, and if not, what repairs it?</summary>
internal static class DoctorCommand
{
    // People read it in a terminal.
    private static readonly JsonSerializerOptions Readable = new(StorageJson.Options) { WriteIndented = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Writes the report; fails when it holds an error.</summary>
    public static async Task<int> RunAsync(Arguments arguments, TextWriter output, CancellationToken cancellationToken)
    {
        string format = arguments.Option("format") ?? "text";
        if (format is not ("text" or "json") || arguments.Words.Length > 2)
        {
            throw new UsageException("'doctor' takes at most one URL, and '--format' text or json.");
        }

        DoctorReport report = arguments.Words is [_, var url]
            ? await AskAsync(url, cancellationToken)
            : await new Doctor(Environment.GetEnvironmentVariable, TimeProvider.System).ExamineAsync([], [], cancellationToken);
        await output.WriteAsync(format == "json" ? JsonSerializer.Serialize(report, Readable) + "\n" : report.ToText());
        return report.Status == FindingSeverity.Error ? CommandLine.Failed : CommandLine.Passed;
    }

    private static async Task<DoctorReport> AskAsync(string url, CancellationToken cancellationToken)
    {
        using HttpClient client = Endpoint.Client(url);
        using HttpResponseMessage answer = await client.GetAsync(new Uri("api/doctor", UriKind.Relative), cancellationToken);
        answer.EnsureSuccessStatusCode();
        return JsonSerializer.Deserialize<DoctorReport>(await answer.Content.ReadAsStringAsync(cancellationToken), StorageJson.Options)
            ?? throw new FormatException($"{url} answered with no report; expected that of GET /api/doctor.");
    }
}
