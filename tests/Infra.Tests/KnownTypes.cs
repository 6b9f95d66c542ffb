using Mlops.Infra.Tests.Bicep;

namespace Mlops.Infra.Tests;

/// <summary>The resource types and API versions that these templates may use, and how each bills.</summary>
/// <remarks>Versions as in the Azure resource reference of August 2026. A type or version that is not here is either a typing error or a decision: add it with its meter.</remarks>
internal static class KnownTypes
{
    /// <summary>Meter of every type and version that may be declared.</summary>
    public static readonly IReadOnlyDictionary<string, Meter> Meters = new Dictionary<string, Meter>
    {
        ["Microsoft.Authorization/roleAssignments@2022-04-01"] = Meter.Nothing,
        ["Microsoft.Consumption/budgets@2023-11-01"] = Meter.Nothing,
        ["Microsoft.DurableTask/schedulers@2025-11-01"] = Meter.Usage,
        ["Microsoft.DurableTask/schedulers/taskHubs@2025-11-01"] = Meter.Nothing,
        ["Microsoft.EventGrid/systemTopics@2025-02-15"] = Meter.Usage,
        ["Microsoft.EventGrid/systemTopics/eventSubscriptions@2025-02-15"] = Meter.Usage,
        ["Microsoft.EventGrid/topics@2025-02-15"] = Meter.Usage,
        ["Microsoft.EventGrid/topics/eventSubscriptions@2025-02-15"] = Meter.Usage,
        ["Microsoft.Insights/actionGroups@2023-01-01"] = Meter.Usage,
        ["Microsoft.Insights/components@2020-02-02"] = Meter.Usage,
        ["Microsoft.Insights/metricAlerts@2018-03-01"] = Meter.Fixed,
        ["Microsoft.Insights/scheduledQueryRules@2023-12-01"] = Meter.Fixed,
        ["Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30"] = Meter.Nothing,
        ["Microsoft.Network/privateDnsZones@2024-06-01"] = Meter.Fixed,
        ["Microsoft.Network/privateDnsZones/virtualNetworkLinks@2024-06-01"] = Meter.Nothing,
        ["Microsoft.Network/privateEndpoints@2024-05-01"] = Meter.Fixed,
        ["Microsoft.Network/privateEndpoints/privateDnsZoneGroups@2024-05-01"] = Meter.Nothing,
        ["Microsoft.Network/virtualNetworks@2024-05-01"] = Meter.Nothing,
        ["Microsoft.OperationalInsights/workspaces@2025-07-01"] = Meter.Usage,
        ["Microsoft.Resources/resourceGroups@2025-04-01"] = Meter.Nothing,
        ["Microsoft.Storage/storageAccounts@2025-06-01"] = Meter.Usage,
        ["Microsoft.Storage/storageAccounts/blobServices@2025-06-01"] = Meter.Nothing,
        ["Microsoft.Storage/storageAccounts/blobServices/containers@2025-06-01"] = Meter.Nothing,
        ["Microsoft.Storage/storageAccounts/blobServices/containers/immutabilityPolicies@2025-06-01"] = Meter.Nothing,
        ["Microsoft.Storage/storageAccounts/managementPolicies@2025-06-01"] = Meter.Nothing,
        ["Microsoft.Storage/storageAccounts/queueServices@2025-06-01"] = Meter.Nothing,
        ["Microsoft.Storage/storageAccounts/queueServices/queues@2025-06-01"] = Meter.Nothing,
        ["Microsoft.Web/serverfarms@2025-03-01"] = Meter.Usage,
        ["Microsoft.Web/sites@2025-03-01"] = Meter.Usage,
        ["Microsoft.Web/sites/basicPublishingCredentialsPolicies@2025-03-01"] = Meter.Nothing,
        ["Microsoft.Web/sites/config@2025-03-01"] = Meter.Nothing,
    };

    /// <summary>Meter of a resource as it would be deployed: some types bill by the hour only with certain properties.</summary>
    public static Meter MeterOf(DeployedResource resource)
    {
        var meter = Meters[$"{resource.Type}@{resource.Version}"];
        return resource.Type switch
        {
            "Microsoft.Web/serverfarms" when resource.At("sku.name") is not "FC1" => Meter.Fixed,
            "Microsoft.Web/sites" when resource.At("properties.functionAppConfig.scaleAndConcurrency.alwaysReady") is not IReadOnlyList<object?> { Count: 0 } => Meter.Fixed,
            "Microsoft.DurableTask/schedulers" when resource.At("properties.sku.name") is not "Consumption" => Meter.Fixed,
            "Microsoft.OperationalInsights/workspaces" when resource.At("properties.sku.name") is not "PerGB2018" => Meter.Fixed,
            _ => meter,
        };
    }
}
