using Mlops.Infra.Tests.Bicep;
using Mlops.Storage;

namespace Mlops.Infra.Tests;

/// <summary>Containers, queues and tables that the code names exist; what exists is named by somebody.</summary>
public class StorageTests
{
    // Containers that no code of ours names, and who uses them.
    private static readonly IReadOnlyDictionary<string, string> UsedElsewhere = new Dictionary<string, string>
    {
        ["deadletters"] = "Event Grid writes what it could not deliver",
    };

    [Fact]
    public void Containers_OfTheDataAccount_AreThoseOfTheCode() =>
        Assert.Equal(StorageNames.Containers.Concat(UsedElsewhere.Keys).Distinct().Order(), Children("blobServices/containers", "stdata").Order());

    [Fact]
    public void Containers_OfTheAppAccount_HoldTheDeployedPackage()
    {
        var containers = Children("blobServices/containers", "stapp");
        Assert.Equal(["app-package", "releases"], containers.Order());
        var package = (string)Assert.Single(Scenario.Default.OfType("Microsoft.Web/sites")).At("properties.functionAppConfig.deployment.storage.value")!;
        Assert.EndsWith("app-package", package, StringComparison.Ordinal);
    }

    [Fact]
    public void Queues_OfTheDataAccount_AreThoseOfTheCode()
    {
        Assert.Equal(StorageNames.Queues.Order(), Children("queueServices/queues", "stdata").Order());
        Assert.Empty(Children("queueServices/queues", "stapp"));
    }

    [Fact]
    public void Tables_OfThePlatform_AreMadeByTheApp()
    {
        Assert.DoesNotContain(BicepFile.All.Values.SelectMany(file => file.Resources.Values), resource => resource.Child("string")!.Text.Contains("tableServices", StringComparison.OrdinalIgnoreCase));
        Assert.Contains("StorageNames.Tables.Select", Repository.Read("storage/StorageBootstrap.cs"), StringComparison.Ordinal);
        Assert.All(StorageNames.Tables, table => Assert.Matches("^[A-Za-z][A-Za-z0-9]{2,62}$", table));
    }

    [Fact]
    public void Subscriptions_Deliver_ToTheQueuesThatTheCodeReads()
    {
        var arrivals = Assert.Single(Scenario.Default.OfType("Microsoft.EventGrid/systemTopics/eventSubscriptions"));
        Assert.Equal(StorageNames.BlobEvents, arrivals.At("properties.deliveryWithResourceIdentity.destination.properties.queueName"));
        Assert.Equal($"/blobServices/default/containers/{StorageNames.Drop}/blobs/data/", arrivals.At("properties.filter.subjectBeginsWith"));
        Assert.Equal("Microsoft.Storage.BlobCreated", arrivals.At("properties.filter.includedEventTypes.0"));
        Assert.Equal("data.api", arrivals.At("properties.filter.advancedFilters.0.key"));
        Assert.Equal(["PutBlob", "PutBlockList", "CopyBlob", "FlushWithClose", "SftpCommit"], (IReadOnlyList<object?>)arrivals.At("properties.filter.advancedFilters.0.values")!);

        var platform = Assert.Single(Scenario.Default.OfType("Microsoft.EventGrid/topics/eventSubscriptions"));
        Assert.Equal(StorageNames.PlatformEvents, platform.At("properties.deliveryWithResourceIdentity.destination.properties.queueName"));

        foreach (var subscription in new[] { arrivals, platform })
        {
            // The app reads the Event Grid schema, one event a message.
            Assert.Equal("EventGridSchema", subscription.At("properties.eventDeliverySchema"));
            Assert.Equal("SystemAssigned", subscription.At("properties.deliveryWithResourceIdentity.identity.type"));
            Assert.Equal("deadletters", subscription.At("properties.deadLetterWithResourceIdentity.deadLetterDestination.properties.blobContainerName"));
            Assert.Equal(604800L, subscription.At("properties.deliveryWithResourceIdentity.destination.properties.queueMessageTimeToLiveInSeconds"));
        }
    }

    [Fact]
    public void Lifecycle_Rules_KeepLogsHalfAYearAndDocumentsTenYearsAndNeverDeleteTheRecord()
    {
        var rules = ((IReadOnlyList<object?>)Assert.Single(Scenario.Default.OfType("Microsoft.Storage/storageAccounts/managementPolicies")).At("properties.policy.rules")!)
            .Cast<IReadOnlyDictionary<string, object?>>().Select(rule => new DeployedResource("rule", "", (string)rule["name"]!, null, rule, "")).ToDictionary(rule => rule.Name);

        Assert.True((long)rules["logs"].At("definition.actions.baseBlob.delete.daysAfterModificationGreaterThan")! >= 183);
        Assert.Equal("predictions/", rules["logs"].At("definition.filters.prefixMatch.0"));
        Assert.True((long)rules["documents"].At("definition.actions.baseBlob.delete.daysAfterModificationGreaterThan")! >= 3652);
        Assert.Equal(StorageNames.RetentionTag, rules["documents"].At("definition.filters.blobIndexMatch.0.name"));
        Assert.Equal("==", rules["documents"].At("definition.filters.blobIndexMatch.0.op"));
        Assert.Equal(StorageNames.DocumentRetention, rules["documents"].At("definition.filters.blobIndexMatch.0.value"));
        Assert.Equal([$"{StorageNames.Reports}/"], (IReadOnlyList<object?>)rules["documents"].At("definition.filters.prefixMatch")!);
        Assert.Equal("version", Assert.IsAssignableFrom<IReadOnlyDictionary<string, object?>>(rules["previous-versions"].At("definition.actions")).Keys.Single());

        var deleted = rules.Values.Where(rule => rule.At("definition.actions.baseBlob.delete") is not null).SelectMany(rule => (IReadOnlyList<object?>)rule.At("definition.filters.prefixMatch")!).Cast<string>()
            .Where(prefix => prefix != "runs/_checkpoints/").Select(prefix => prefix.Split('/')[0]);
        Assert.Empty(deleted.Intersect([StorageNames.Drop, StorageNames.Datasets, StorageNames.Models, StorageNames.Runs, StorageNames.Ledger]));
        Assert.All(rules.Values.SelectMany(rule => (IReadOnlyList<object?>?)rule.At("definition.filters.prefixMatch") ?? []).Cast<string>(), prefix => Assert.Contains(prefix.Split('/')[0], Children("blobServices/containers", "stdata")));
    }

    [Fact]
    public void LedgerPolicy_OnlyWithTheOption_HoldsForItsDays()
    {
        Assert.Empty(Scenario.Default.OfType("Microsoft.Storage/storageAccounts/blobServices/containers/immutabilityPolicies"));
        var policy = Assert.Single(Scenario.Everything.OfType("Microsoft.Storage/storageAccounts/blobServices/containers/immutabilityPolicies"));
        Assert.EndsWith("/default/ledger/default", policy.Name, StringComparison.Ordinal);
        Assert.Equal(365L, policy.At("properties.immutabilityPeriodSinceCreationInDays"));
    }

    private static IReadOnlyList<string> Children(string kind, string account) =>
        [.. Scenario.Default.OfType($"Microsoft.Storage/storageAccounts/{kind}").Where(child => child.Name.StartsWith(account, StringComparison.Ordinal)).Select(child => child.Name.Split('/')[^1])];
}
