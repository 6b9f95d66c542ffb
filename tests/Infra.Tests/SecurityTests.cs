using System.Text.RegularExpressions;
using Mlops.Infra.Tests.Bicep;

namespace Mlops.Infra.Tests;

/// <summary>No keys, no anonymous access, no old TLS, no role beyond need.</summary>
public partial class SecurityTests
{
    [Fact]
    public void StorageAccounts_Deployed_AreClosedToKeysAnonymousReadersAndOldTls()
    {
        var accounts = Scenario.Default.OfType("Microsoft.Storage/storageAccounts");
        Assert.Equal(2, accounts.Count);
        foreach (var account in accounts)
        {
            Assert.Equal(false, account.At("properties.allowSharedKeyAccess"));
            Assert.Equal(false, account.At("properties.allowBlobPublicAccess"));
            Assert.Equal(true, account.At("properties.defaultToOAuthAuthentication"));
            Assert.Equal(true, account.At("properties.supportsHttpsTrafficOnly"));
            Assert.Equal("TLS1_2", account.At("properties.minimumTlsVersion"));
        }

        var containers = Scenario.Default.OfType("Microsoft.Storage/storageAccounts/blobServices/containers");
        Assert.All(containers, container => Assert.Equal("None", container.At("properties.publicAccess")));
    }

    [Fact]
    public void StorageAccounts_Deployed_RecoverWhatIsDeleted()
    {
        foreach (var service in Scenario.Everything.OfType("Microsoft.Storage/storageAccounts/blobServices"))
        {
            Assert.Equal(true, service.At("properties.deleteRetentionPolicy.enabled"));
            Assert.Equal(true, service.At("properties.containerDeleteRetentionPolicy.enabled"));
            Assert.Equal(30L, service.At("properties.deleteRetentionPolicy.days"));
            Assert.Equal(service.Name.StartsWith("stdata", StringComparison.Ordinal), service.At("properties.isVersioningEnabled"));
        }
    }

    [Fact]
    public void FunctionApp_Deployed_TakesHttpsAndEntraOnly()
    {
        var app = Assert.Single(Scenario.Default.OfType("Microsoft.Web/sites"));
        Assert.Equal(true, app.At("properties.httpsOnly"));
        Assert.Equal("1.2", app.At("properties.siteConfig.minTlsVersion"));
        Assert.Equal("Disabled", app.At("properties.siteConfig.ftpsState"));
        Assert.Equal("UserAssignedIdentity", app.At("properties.functionAppConfig.deployment.storage.authentication.type"));
        var policies = Scenario.Default.OfType("Microsoft.Web/sites/basicPublishingCredentialsPolicies");
        Assert.Equal(["ftp", "scm"], policies.Select(policy => policy.Name.Split('/')[1]).Order());
        Assert.All(policies, policy => Assert.Equal(false, policy.At("properties.allow")));
    }

    [Fact]
    public void App_Deployed_AsksItsCallersWhoTheyAre() =>
        Assert.Equal("on", Assert.Single(Scenario.Default.OfType("Microsoft.Web/sites/config"), config => config.Name.EndsWith("/appsettings", StringComparison.Ordinal)).At("properties.MlopsAuthentication"));

    [Fact]
    public void EntraAuthentication_OnlyWithTheOption_LetsTokensOfThePlatformPass()
    {
        // Written without the option, too: what is missing from a template stays as it was, and a principal's header would stay believed.
        var off = Assert.Single(Scenario.Default.OfType("Microsoft.Web/sites/config"), config => config.Name.EndsWith("/authsettingsV2", StringComparison.Ordinal));
        Assert.Equal(false, off.At("properties.platform.enabled"));
        Assert.Null(off.At("properties.identityProviders"));
        var settings = Assert.Single(Scenario.Everything.OfType("Microsoft.Web/sites/config"), config => config.Name.EndsWith("/authsettingsV2", StringComparison.Ordinal));
        const string Client = "00000000-0000-0000-0000-000000000001";
        Assert.Equal(true, settings.At("properties.platform.enabled"));
        Assert.Equal(false, settings.At("properties.globalValidation.requireAuthentication"));
        Assert.Equal("AllowAnonymous", settings.At("properties.globalValidation.unauthenticatedClientAction"));
        Assert.Equal(Client, settings.At("properties.identityProviders.azureActiveDirectory.registration.clientId"));
        Assert.Equal("https://login.microsoftonline.com/T/v2.0", settings.At("properties.identityProviders.azureActiveDirectory.registration.openIdIssuer"));
        Assert.Equal([Client, "api://" + Client], (IReadOnlyList<object?>)settings.At("properties.identityProviders.azureActiveDirectory.validation.allowedAudiences")!);
        Assert.Equal(true, settings.At("properties.httpSettings.requireHttps"));
    }

    [Fact]
    public void TopicAndTelemetry_Deployed_TakeNoKeys()
    {
        var topic = Assert.Single(Scenario.Default.OfType("Microsoft.EventGrid/topics"));
        Assert.Equal(true, topic.At("properties.disableLocalAuth"));
        Assert.Equal("1.2", topic.At("properties.minimumTlsVersionAllowed"));
        Assert.Equal(true, Assert.Single(Scenario.Default.OfType("Microsoft.Insights/components")).At("properties.DisableLocalAuth"));
    }

    [Fact]
    public void Templates_Anywhere_AskForNoKeys()
    {
        foreach (var file in BicepFile.All.Values)
        {
            Assert.DoesNotMatch("(?i)listkeys|listaccountsas|listservicesas|accountkey=|sharedaccesskey", string.Concat(file.Root.All().Where(node => node.Children.Count == 0 && node.Type != "comment").Select(node => node.Text)));
            Assert.Empty(file.Outputs.Keys.Where(name => SecretName().IsMatch(name)).Select(name => $"{file.Path}: output {name}"));
            Assert.Empty(file.Parameters.Where(parameter => SecretName().IsMatch(parameter.Key) && !parameter.Value.Decorators.ContainsKey("secure")).Select(parameter => $"{file.Path}: param {parameter.Key} without @secure()"));
        }
    }

    [Fact]
    public void RoleAssignments_Deployed_AreKnownRolesWithAReasonOnOneResource()
    {
        var assignments = Scenario.Everything.OfType("Microsoft.Authorization/roleAssignments");
        Assert.NotEmpty(assignments);
        foreach (var assignment in assignments)
        {
            var role = ((string)assignment.At("properties.roleDefinitionId")!).Split('/')[^1];
            Assert.True(KnownRoles.Names.ContainsKey(role), $"{assignment.Where}: role '{role}' is not on the list.");
            Assert.False(string.IsNullOrWhiteSpace(assignment.At("properties.description") as string), $"{assignment.Where}: no reason.");
            Assert.False(assignment.Scope is null, $"{assignment.Where}: the role would hold for the whole resource group.");
        }
    }

    [Fact]
    public void RoleIds_InTemplates_CarryTheirNames()
    {
        var ids = from path in BicepFile.All.Keys
                  from line in Repository.Read(path).Split('\n')
                  let match = RoleLine().Match(line)
                  where match.Success
                  select (Id: match.Groups["id"].Value, Comment: match.Groups["comment"].Value.Trim());
        Assert.NotEmpty(ids);
        Assert.All(ids, role => Assert.Equal(KnownRoles.Names.GetValueOrDefault(role.Id, "a role of the list"), role.Comment));
        Assert.Equal(KnownRoles.Names.Keys.Order(), ids.Select(role => role.Id).Distinct().Order());
    }

    [Fact]
    public void RolesOfTheApp_ByResource_AreThese()
    {
        var roles = from assignment in Scenario.Default.OfType("Microsoft.Authorization/roleAssignments")
                    let scope = assignment.Scope!.Split('/')
                    let principal = (string)assignment.At("properties.principalId")!
                    select $"{(principal.Contains("opic", StringComparison.Ordinal) ? "topic" : "app")} on {scope[2]} {scope[^1].Replace("u123456789012", "", StringComparison.Ordinal)}: {KnownRoles.Names[((string)assignment.At("properties.roleDefinitionId")!).Split('/')[^1]]}";
        Assert.Equal(
            [
                "app on components appi-: Monitoring Metrics Publisher",
                "app on storageAccounts reports: Storage Blob Data Owner",
                "app on storageAccounts stapp: Storage Blob Data Owner",
                "app on storageAccounts stapp: Storage Queue Data Contributor",
                "app on storageAccounts stapp: Storage Table Data Contributor",
                "app on storageAccounts stdata: Storage Blob Data Contributor",
                "app on storageAccounts stdata: Storage Queue Data Contributor",
                "app on storageAccounts stdata: Storage Table Data Contributor",
                "app on topics evgt-mlops-: EventGrid Data Sender",
                "topic on storageAccounts stdata: Storage Blob Data Contributor",
                "topic on storageAccounts stdata: Storage Blob Data Contributor",
                "topic on storageAccounts stdata: Storage Queue Data Message Sender",
                "topic on storageAccounts stdata: Storage Queue Data Message Sender",
            ],
            roles.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void PrivateNetworking_On_ClosesEveryStorageServiceAndKeepsThemReachable()
    {
        var closed = Scenario.With(("privateNetworking", true));
        Assert.All(closed.OfType("Microsoft.Storage/storageAccounts"), account =>
        {
            Assert.Equal("Disabled", account.At("properties.publicNetworkAccess"));
            Assert.Equal("Deny", account.At("properties.networkAcls.defaultAction"));
            Assert.Equal("AzureServices", account.At("properties.networkAcls.bypass"));
        });
        var endpoints = closed.OfType("Microsoft.Network/privateEndpoints").Select(endpoint => (endpoint.At("properties.privateLinkServiceConnections.0.properties.privateLinkServiceId"), endpoint.At("properties.privateLinkServiceConnections.0.properties.groupIds.0")));
        Assert.Equal(6, endpoints.Distinct().Count());
        Assert.All(endpoints, endpoint => Assert.Contains(endpoint.Item2, new object?[] { "blob", "queue", "table" }));
        Assert.Equal(
            ["privatelink.blob.core.windows.net", "privatelink.queue.core.windows.net", "privatelink.table.core.windows.net"],
            closed.OfType("Microsoft.Network/privateDnsZones").Select(zone => zone.Name).Order());
        var app = Assert.Single(closed.OfType("Microsoft.Web/sites"));
        Assert.EndsWith("/subnets/app", (string)app.At("properties.virtualNetworkSubnetId")!, StringComparison.Ordinal);
        Assert.Equal("Enabled", app.At("properties.publicNetworkAccess"));
        Assert.Equal("Disabled", Assert.Single(Scenario.Everything.OfType("Microsoft.Web/sites")).At("properties.publicNetworkAccess"));
        Assert.Null(Assert.Single(Scenario.Default.OfType("Microsoft.Web/sites")).At("properties.virtualNetworkSubnetId"));
    }

    [GeneratedRegex("(?i)password|secret|accesskey|apikey|sastoken|connectionstring")]
    private static partial Regex SecretName();

    [GeneratedRegex(@"'(?<id>[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12})'\s*(//(?<comment>.*))?$")]
    private static partial Regex RoleLine();
}
