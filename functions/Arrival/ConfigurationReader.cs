using Mlops.Core.Configuration;
using Mlops.Storage.Arrival;

namespace Mlops.Functions.Arrival;

/// <summary>Reads a model's configuration: the convention, or what <c>data/{model}/model.yaml</c> says.</summary>
public sealed class ConfigurationReader(ConfigurationFiles files)
{
    /// <summary>The text of the file; empty when there is none.</summary>
    public async Task<string> ReadTextAsync(string model, CancellationToken cancellationToken) =>
        (await files.FindAsync(model, ModelConfiguration.MaxBytes + 1, cancellationToken))?.Text ?? string.Empty;

    /// <summary>The configuration in force, or the errors in the file.</summary>
    public async Task<ConfigurationResult> ReadAsync(string model, CancellationToken cancellationToken) =>
        ModelConfiguration.Parse(await ReadTextAsync(model, cancellationToken));

    /// <summary>The configuration in force; the conventions while the file has errors, so that a typing mistake stops neither rollout nor monitoring.</summary>
    public async Task<ModelConfiguration> ReadOrDefaultAsync(string model, CancellationToken cancellationToken) =>
        (await ReadAsync(model, cancellationToken)).Configuration ?? ModelConfiguration.Default;
}
