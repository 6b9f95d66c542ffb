using System.Globalization;
using Mlops.Core.Traffic;

namespace Mlops.Core.Registry;

/// <summary>
/// What may happen to a model's record. Each rule looks at the record and returns the change, or null when it is already so:
/// a rule applied twice changes nothing the second time.
/// </summary>
public static class RegistryRules
{
    /// <summary>Adds a version with the next number, unless its pipeline registered one already.</summary>
    public static RegistryChange? Register(ModelRecord record, ModelVersion version)
    {
        ArgumentNullException.ThrowIfNull(record);
        ArgumentNullException.ThrowIfNull(version);
        if (record.Versions.Any(existing => existing.Pipeline == version.Pipeline))
        {
            return null;
        }

        int number = record.Versions.Count == 0 ? 1 : record.Versions[^1].Number + 1;
        ModelVersion numbered = version with { Number = number };
        return new RegistryChange("register", $"version {number}: {version.Verdict}", [numbered]);
    }

    /// <summary>Records a configuration that was written. One that was overtaken before it was recorded gets its entry, and changes nothing.</summary>
    public static RegistryChange? Configure(ModelRecord record, AppliedConfiguration applied)
    {
        ArgumentNullException.ThrowIfNull(record);
        ArgumentNullException.ThrowIfNull(applied);
        if (record.Configuration is { } last && last.Revision == applied.Revision && last.Sha256 == applied.Sha256)
        {
            return null;
        }

        bool overtaken = record.Configuration?.Revision >= applied.Revision;
        string detail = $"settings {record.Configuration?.Hash ?? "not applied before"} → {applied.Hash}, file {applied.Sha256[..12]}, from {applied.Source}{(overtaken ? "; overtaken by a later one" : string.Empty)}";
        return new RegistryChange("configure", detail, [], Configuration: overtaken ? null : applied);
    }

    /// <summary>Gives a version all traffic, or a share of it while a champion serves the rest.</summary>
    /// <param name="record">The model.</param>
    /// <param name="number">The version.</param>
    /// <param name="percent">Its share in percent, 0 &lt; share ≤ 100; ignored while there is no champion.</param>
    public static RegistryChange? StartCanary(ModelRecord record, int number, double percent)
    {
        ModelVersion version = Required(record, number);
        if (record.Traffic is not { } traffic || percent >= 100)
        {
            return Promote(record, number, record.Traffic is null ? "the first champion" : "a canary of 100 %");
        }

        if (traffic.Champion == number || (traffic.Challenger == number && traffic.ChallengerPercent.Equals(percent)))
        {
            return null;
        }

        List<ModelVersion> changed = [version with { State = VersionState.Canary }];
        if (traffic.Challenger is { } other && other != number)
        {
            changed.Add(Required(record, other) with { State = VersionState.Archived });
        }

        string share = percent.ToString("0.##", CultureInfo.InvariantCulture);
        return new RegistryChange("canary", $"version {number} serves {share} %", changed, traffic with { Challenger = number, ChallengerPercent = percent, Mode = TrafficMode.Split, Revision = traffic.Revision + 1 });
    }

    /// <summary>Makes a version the champion.</summary>
    public static RegistryChange? Promote(ModelRecord record, int number, string reason)
    {
        ModelVersion version = Required(record, number);
        if (record.Traffic?.Champion == number)
        {
            return null;
        }

        List<ModelVersion> changed = [version with { State = VersionState.Champion }];
        if (record.Traffic is { } traffic)
        {
            changed.Add(Required(record, traffic.Champion) with { State = VersionState.Archived });
            if (traffic.Challenger is { } challenger && challenger != number)
            {
                changed.Add(Required(record, challenger) with { State = VersionState.Archived });
            }
        }

        return new RegistryChange("promote", $"version {number}: {reason}", changed, Sole(record, number), record.Traffic?.Champion);
    }

    /// <summary>Takes a canary out of the traffic; the champion serves all again.</summary>
    public static RegistryChange? Withdraw(ModelRecord record, int number, string reason)
    {
        ModelVersion version = Required(record, number);
        return record.Traffic?.Challenger == number
            ? new RegistryChange("withdraw", $"version {number}: {reason}", [version with { State = VersionState.RolledBack }], Sole(record, record.Traffic.Champion))
            : null;
    }

    /// <summary>
    /// Undoes the latest change of traffic by hand: withdraws a running canary, else returns to the champion before, or to
    /// <paramref name="toVersion"/> when given.
    /// </summary>
    /// <returns>The change, or the reason why there is nothing to roll back to.</returns>
    public static (RegistryChange? Change, string? Problem) Rollback(ModelRecord record, int? toVersion, string reason)
    {
        ArgumentNullException.ThrowIfNull(record);
        if (record.Traffic is not { } traffic)
        {
            return (null, $"Model '{record.Model}' has no champion yet, so there is nothing to roll back.");
        }

        if (toVersion is null && traffic.Challenger is { } challenger)
        {
            return (Withdraw(record, challenger, reason), null);
        }

        int? target = toVersion ?? record.PreviousChampion;
        if (target is not { } number || record.Find(number) is not { } version)
        {
            return (null, toVersion is null
                ? $"Model '{record.Model}' has had one champion only (version {traffic.Champion}). Name an earlier version in 'toVersion'."
                : $"Model '{record.Model}' has no version {toVersion}; it has {string.Join(", ", record.Versions.Select(v => v.Number))}.");
        }

        if (toVersion is null && version.State == VersionState.RolledBack)
        {
            return (null, $"The champion before (version {number}) was itself rolled back. Name the version to return to in 'toVersion'.");
        }

        if (version.State == VersionState.Rejected)
        {
            return (null, $"Version {number} was rejected by the gate and cannot serve. Choose a version that was champion before.");
        }

        if (traffic.Champion == number && traffic.Challenger is null)
        {
            return (null, $"Version {number} is the champion already.");
        }

        List<ModelVersion> changed = [version with { State = VersionState.Champion }];
        if (traffic.Champion != number)
        {
            changed.Add(Required(record, traffic.Champion) with { State = VersionState.RolledBack });
        }

        if (traffic.Challenger is { } running && running != number)
        {
            changed.Add(Required(record, running) with { State = VersionState.RolledBack });
        }

        return (new RegistryChange("rollback", $"version {number} serves again: {reason}", changed, Sole(record, number), traffic.Champion), null);
    }

    private static TrafficPolicy Sole(ModelRecord record, int champion) => new()
    {
        Model = record.Model,
        Champion = champion,
        Salt = record.Traffic?.Salt ?? record.Model,
        Revision = (record.Traffic?.Revision ?? 0) + 1,
    };

    private static ModelVersion Required(ModelRecord record, int number)
    {
        ArgumentNullException.ThrowIfNull(record);
        return record.Find(number) ?? throw new ArgumentOutOfRangeException(
            nameof(number), number, $"Model '{record.Model}' has no such version; it has {string.Join(", ", record.Versions.Select(version => version.Number))}.");
    }
}
