using System.Text.Json;

namespace Mlops.Cli;

/// <summary>One model of a plan file: <c>apply --plan</c> refuses what is not so any more.</summary>
/// <param name="Model">The model.</param>
/// <param name="Base">SHA-256 of the file that was in storage, or null.</param>
/// <param name="Proposed">SHA-256 of the repository's file.</param>
internal sealed record PlanLine(string Model, string? Base, string Proposed)
{
    /// <summary>How plan files are written.</summary>
    public static JsonSerializerOptions Json { get; } = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    /// <summary>Reads a plan file.</summary>
    /// <exception cref="UsageException">It is none.</exception>
    public static async Task<IReadOnlyList<PlanLine>> ReadAsync(string path, CancellationToken cancellationToken)
    {
        try
        {
            return JsonSerializer.Deserialize<IReadOnlyList<PlanLine>>(await File.ReadAllTextAsync(path, cancellationToken), Json) ?? [];
        }
        catch (JsonException exception)
        {
            throw new UsageException($"'--plan {path}': {exception.Message} Expected a file that 'mlops plan --out' wrote.");
        }
    }
}
