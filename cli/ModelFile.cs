using Mlops.Core.Data;

namespace Mlops.Cli;

/// <summary>A <c>models/NAME/model.yaml</c> of the repository.</summary>
/// <param name="Model">The model, by the name of its folder.</param>
/// <param name="Path">Where the file lies.</param>
/// <param name="Text">What it says.</param>
internal sealed record ModelFile(string Model, string Path, string Text)
{
    /// <summary>The files below <c>--models</c> (default <c>models</c>), by model; only that of <c>--model</c> when it is given.</summary>
    /// <exception cref="UsageException">There is none, or a folder's name is no model's name.</exception>
    public static async Task<IReadOnlyList<ModelFile>> ReadAllAsync(Arguments arguments, CancellationToken cancellationToken)
    {
        string folder = arguments.Option("models") ?? "models";
        string? one = arguments.Option("model");
        List<ModelFile> files = [];
        foreach (string path in (Directory.Exists(folder) ? Directory.GetFiles(folder, BatchPath.ConfigurationName, SearchOption.AllDirectories) : []).Order(StringComparer.Ordinal))
        {
            string name = System.IO.Path.GetRelativePath(folder, System.IO.Path.GetDirectoryName(path)!);
            if (!ModelName.TryParse(name, out ModelName model, out string? error))
            {
                throw new UsageException($"'{path}': {error}");
            }

            if (one is null || one == model.Value)
            {
                files.Add(new ModelFile(model.Value, path, await File.ReadAllTextAsync(path, cancellationToken)));
            }
        }

        return files.Count > 0 ? files : throw new UsageException(one is null ? $"There is no NAME/{BatchPath.ConfigurationName} below '{folder}'." : $"There is no '{folder}/{one}/{BatchPath.ConfigurationName}'.");
    }
}
