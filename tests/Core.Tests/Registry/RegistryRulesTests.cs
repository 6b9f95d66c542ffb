using Mlops.Core.Registry;
using Mlops.Core.Traffic;

namespace Mlops.Core.Tests.Registry;

public class RegistryRulesTests
{
    [Fact]
    public void Register_NumbersVersions_OneAfterTheOther()
    {
        ModelRecord record = Empty();
        record = Apply(record, RegistryRules.Register(record, Version("a")));
        record = Apply(record, RegistryRules.Register(record, Version("b")));
        Assert.Equal([1, 2], record.Versions.Select(version => version.Number));
    }

    [Fact]
    public void Register_ChangesNothing_TheSecondTimeForOnePipeline()
    {
        ModelRecord record = Empty();
        record = Apply(record, RegistryRules.Register(record, Version("a")));
        Assert.Null(RegistryRules.Register(record, Version("a")));
    }

    [Fact]
    public void StartCanary_PromotesAtOnce_WhenThereIsNoChampion()
    {
        ModelRecord record = With(1);
        record = Apply(record, RegistryRules.StartCanary(record, 1, 10));
        Assert.Equal(1, record.Traffic!.Champion);
        Assert.Null(record.Traffic.Challenger);
        Assert.Equal(VersionState.Champion, record.Find(1)!.State);
    }

    [Fact]
    public void StartCanary_SharesTraffic_AndIsIdempotent()
    {
        ModelRecord record = Served(champion: 1, versions: 2);
        record = Apply(record, RegistryRules.StartCanary(record, 2, 10));
        Assert.Equal((1, 2, 10.0), (record.Traffic!.Champion, record.Traffic.Challenger!.Value, record.Traffic.ChallengerPercent));
        Assert.Equal(TrafficMode.Split, record.Traffic.Mode);
        Assert.Empty(record.Traffic.Problems());
        Assert.Null(RegistryRules.StartCanary(record, 2, 10));
    }

    [Fact]
    public void StartCanary_ReplacesAnOlderCanary_AndArchivesIt()
    {
        ModelRecord record = Served(champion: 1, versions: 3);
        record = Apply(record, RegistryRules.StartCanary(record, 2, 10));
        record = Apply(record, RegistryRules.StartCanary(record, 3, 10));
        Assert.Equal(3, record.Traffic!.Challenger);
        Assert.Equal(VersionState.Archived, record.Find(2)!.State);
        Assert.Null(RegistryRules.Withdraw(record, 2, "too late"));
    }

    [Fact]
    public void Promote_ArchivesTheChampion_AndRemembersIt()
    {
        ModelRecord record = Served(champion: 1, versions: 2);
        record = Apply(record, RegistryRules.StartCanary(record, 2, 10));
        record = Apply(record, RegistryRules.Promote(record, 2, "good"));
        Assert.Equal((2, 1), (record.Traffic!.Champion, record.PreviousChampion));
        Assert.Equal(VersionState.Archived, record.Find(1)!.State);
        Assert.Null(RegistryRules.Promote(record, 2, "again"));
    }

    [Fact]
    public void Withdraw_GivesAllTrafficToTheChampion()
    {
        ModelRecord record = Served(champion: 1, versions: 2);
        record = Apply(record, RegistryRules.StartCanary(record, 2, 10));
        record = Apply(record, RegistryRules.Withdraw(record, 2, "errors"));
        Assert.Equal((1, (int?)null), (record.Traffic!.Champion, record.Traffic.Challenger));
        Assert.Equal(VersionState.RolledBack, record.Find(2)!.State);
    }

    [Fact]
    public void Rollback_WithdrawsTheCanary_WhenOneRuns()
    {
        ModelRecord record = Served(champion: 1, versions: 2);
        record = Apply(record, RegistryRules.StartCanary(record, 2, 10));
        Assert.Equal("withdraw", RegistryRules.Rollback(record, null, "by hand").Change!.Action);
    }

    [Fact]
    public void Rollback_ReturnsToTheChampionBefore()
    {
        ModelRecord record = Served(champion: 1, versions: 2);
        record = Apply(record, RegistryRules.Promote(record, 2, "good"));
        record = Apply(record, RegistryRules.Rollback(record, null, "by hand").Change);
        Assert.Equal(1, record.Traffic!.Champion);
        Assert.Equal(VersionState.RolledBack, record.Find(2)!.State);
    }

    [Fact]
    public void Rollback_Twice_DoesNotReturnToTheVersionJustRolledBack()
    {
        ModelRecord record = Served(champion: 1, versions: 2);
        record = Apply(record, RegistryRules.Promote(record, 2, "good"));
        record = Apply(record, RegistryRules.Rollback(record, null, "by hand").Change);
        (RegistryChange? change, string? problem) = RegistryRules.Rollback(record, null, "again");
        Assert.Null(change);
        Assert.Contains("toVersion", problem, StringComparison.Ordinal);
        Assert.Equal(2, RegistryRules.Rollback(record, 2, "on purpose").Change!.Traffic!.Champion);
    }

    [Theory]
    [InlineData(9)]
    [InlineData(1)]
    [InlineData(2)]
    public void Rollback_SaysWhyNot_ForAVersionThatCannotServe(int toVersion)
    {
        ModelRecord record = Served(champion: 1, versions: 1);
        record = Apply(record, RegistryRules.Register(record, Version("rejected") with { State = VersionState.Rejected }));
        (RegistryChange? change, string? problem) = RegistryRules.Rollback(record, toVersion, "by hand");
        Assert.Null(change);
        Assert.NotEmpty(problem!);
    }

    [Fact]
    public void Rollback_SaysWhyNot_WithoutAnyChampionOrAnEarlierOne()
    {
        Assert.NotNull(RegistryRules.Rollback(Empty(), null, "by hand").Problem);
        Assert.NotNull(RegistryRules.Rollback(Served(champion: 1, versions: 1), null, "by hand").Problem);
    }

    [Fact]
    public void AnyChange_RaisesTheRevisionOfTheTraffic()
    {
        ModelRecord record = Served(champion: 1, versions: 2);
        long before = record.Traffic!.Revision;
        record = Apply(record, RegistryRules.StartCanary(record, 2, 10));
        Assert.Equal(before + 1, record.Traffic!.Revision);
        record = Apply(record, RegistryRules.Promote(record, 2, "good"));
        Assert.Equal(before + 2, record.Traffic!.Revision);
    }

    private static ModelRecord Empty() => new() { Model = "m" };

    private static ModelRecord With(int versions)
    {
        ModelRecord record = Empty();
        for (int i = 0; i < versions; i++)
        {
            record = Apply(record, RegistryRules.Register(record, Version($"pipeline-{i}")));
        }

        return record;
    }

    private static ModelRecord Served(int champion, int versions)
    {
        ModelRecord record = With(versions);
        return Apply(record, RegistryRules.Promote(record, champion, "first"));
    }

    private static ModelVersion Version(string pipeline) => new()
    {
        Number = 0,
        State = VersionState.Registered,
        Hash = new string('a', 64),
        Pipeline = pipeline,
        Run = "run",
        Datasets = ["ds-1"],
        Metrics = new Dictionary<string, double>(),
        Verdict = "promote",
        Created = DateTimeOffset.UnixEpoch,
    };

    // What the store does with a change.
    private static ModelRecord Apply(ModelRecord record, RegistryChange? change)
    {
        Assert.NotNull(change);
        Dictionary<int, ModelVersion> versions = record.Versions.ToDictionary(version => version.Number);
        foreach (ModelVersion version in change.Versions)
        {
            versions[version.Number] = version;
        }

        return record with
        {
            Versions = [.. versions.Values.OrderBy(version => version.Number)],
            Traffic = change.Traffic ?? record.Traffic,
            PreviousChampion = change.PreviousChampion ?? record.PreviousChampion,
        };
    }
}
