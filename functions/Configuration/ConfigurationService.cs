using Mlops.Core.Configuration;
using Mlops.Core.Evaluation;
using Mlops.Core.Registry;
using Mlops.Storage.Arrival;
using Mlops.Storage.Datasets;
using Mlops.Storage.Registry;

namespace Mlops.Functions.Configuration;

/// <summary>
/// Configuration from a repository: what a file would change, and writing it. The file in the drop zone is what the platform goes by, and its
/// write is the one commit; the ledger entry follows, and is made up for by the next apply when a process dies in between.
/// </summary>
public sealed class ConfigurationService(ConfigurationFiles files, RegistryStore registry, DatasetStore datasets, KeptBatches batches, TimeProvider time)
{
    /// <summary>The file in storage, the one that was applied, and how they relate.</summary>
    public async Task<(ConfigurationFile? File, AppliedConfiguration? Applied, ConfigurationState State)> ReadAsync(string model, CancellationToken cancellationToken)
    {
        ConfigurationFile? file = await files.FindAsync(model, ModelConfiguration.MaxBytes + 1, cancellationToken);
        AppliedConfiguration? applied = (await registry.ReadAsync(model, cancellationToken)).Configuration;
        ConfigurationState state = (file, applied) switch
        {
            (null, null) => ConfigurationState.Convention,
            (not null, null) => ConfigurationState.Dropped,
            _ => file is not null && AppliedConfiguration.HashOf(file.Text) == applied.Sha256 ? ConfigurationState.Applied : ConfigurationState.Drifted,
        };
        return (file, applied, state);
    }

    /// <summary>What applying a text would do. Nothing is written.</summary>
    /// <param name="model">The model.</param>
    /// <param name="text">The text, which must be a valid configuration.</param>
    /// <param name="proposed">What it says.</param>
    /// <param name="cancellationToken">Stops reading.</param>
    public async Task<ConfigurationPlan> PlanAsync(string model, string text, ModelConfiguration proposed, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(proposed);
        (ConfigurationFile? file, _, ConfigurationState state) = await ReadAsync(model, cancellationToken);

        // A file with errors is not in force: the conventions are.
        ModelConfiguration present = ModelConfiguration.Parse(file?.Text ?? string.Empty).Configuration ?? ModelConfiguration.Default;
        ConfigurationDifference difference = ConfigurationDifference.Between(present, proposed, await datasets.HasSplitAsync(model, cancellationToken));
        return new ConfigurationPlan(
            model,
            state,
            file is null ? null : AppliedConfiguration.HashOf(file.Text),
            AppliedConfiguration.HashOf(text),
            difference.Changes,
            difference.ChangesTraining,
            difference.ChangesChecks ? await batches.CheckAsync(model, proposed, cancellationToken) : null,
            difference.ChangesPromotions ? BelowFloors(await registry.ReadAsync(model, cancellationToken), proposed) : null);
    }

    /// <summary>Writes a text if the present file is the expected one, and records it. The same text again changes nothing.</summary>
    /// <param name="model">The model.</param>
    /// <param name="text">The text, which must be a valid configuration.</param>
    /// <param name="configuration">What it says.</param>
    /// <param name="expected">SHA-256 of the file that is to be replaced; null: there is to be none.</param>
    /// <param name="actor">Who applies it.</param>
    /// <param name="source">Where it comes from.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>Whether anything changed; null when the present file is another than expected.</returns>
    public async Task<bool?> ApplyAsync(string model, string text, ModelConfiguration configuration, string? expected, string actor, string source, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        (ConfigurationFile? file, AppliedConfiguration? last, ConfigurationState state) = await ReadAsync(model, cancellationToken);
        string sha256 = AppliedConfiguration.HashOf(text);
        string? present = file is null ? null : AppliedConfiguration.HashOf(file.Text);
        if (present == sha256 && state == ConfigurationState.Applied)
        {
            return false;
        }

        // The file may be there without its record: dropped by hand, or its writer died. Then only the record is missing.
        long revision = file?.Revision is { } written && written > (last?.Revision ?? 0) && present == sha256 ? written : Math.Max(last?.Revision ?? 0, file?.Revision ?? 0) + 1;
        if (present != sha256 && (present != expected || !await files.TryWriteAsync(model, text, revision, file, cancellationToken)))
        {
            return null;
        }

        await registry.AddModelAsync(model, cancellationToken);
        AppliedConfiguration applied = new(revision, sha256, configuration.Hash, actor, source, time.GetUtcNow());
        await registry.CommitAsync(model, actor, record => RegistryRules.Configure(record, applied), cancellationToken);
        return true;
    }

    // What can be judged again without predicting again. A champion stays champion: floors hold for the next promotion.
    private static List<string> BelowFloors(ModelRecord record, ModelConfiguration proposed)
    {
        List<string> below = [];
        foreach (ModelVersion version in record.Versions.Where(version => version.State is VersionState.Champion or VersionState.Canary or VersionState.Registered))
        {
            foreach ((string metric, double floor) in proposed.Gates.Floors)
            {
                if (version.Metrics.TryGetValue(metric, out double value) && (Metrics.HigherIsBetter(metric) ? value < floor : value > floor))
                {
                    below.Add(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"version {version.Number} ({version.State}): {metric} {value:0.####}, floor {floor:0.####}"));
                }
            }
        }

        return below;
    }
}
