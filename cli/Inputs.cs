using Mlops.Core.Configuration;
using Mlops.Core.Data;

namespace Mlops.Cli;

/// <summary>Reads what the commands are given.</summary>
internal static class Inputs
{
    /// <summary>A configuration; the defaults when no file is named.</summary>
    /// <exception cref="FormatException">It has errors; all are named.</exception>
    public static ModelConfiguration Configuration(string? path)
    {
        if (path is null)
        {
            return new ModelConfiguration();
        }

        ConfigurationResult result = ModelConfiguration.Parse(File.ReadAllText(path));
        return result.Configuration ?? throw new FormatException($"{path}:\n{string.Join('\n', result.Errors)}");
    }

    /// <summary>A batch.</summary>
    public static async Task<BatchRead> BatchAsync(string path, IReadOnlyDictionary<string, ColumnKind>? kinds, CancellationToken cancellationToken)
    {
        if (!BatchFormats.TryFromName(path, out BatchFormat format))
        {
            throw new UsageException($"'{path}' has no known ending; expected one of {BatchFormats.Endings}.");
        }

        await using FileStream stream = File.OpenRead(path);
        return await BatchReader.ReadAsync(stream, format, BatchLimits.Default, kinds, cancellationToken);
    }
}
