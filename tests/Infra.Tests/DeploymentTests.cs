using Mlops.Infra.Tests.Bicep;

namespace Mlops.Infra.Tests;

/// <summary>The what-if refuses what the compiler refuses.</summary>
public class DeploymentTests
{
    private const string Account = "resource st 'Microsoft.Storage/storageAccounts@2025-06-01' = {\n  name: 'st'\n}\n";

    [Theory]
    [InlineData("var a = b\nresource r 'T/t@1' = {\n  name: a\n}\n", "'b'")]
    [InlineData("param a string\nresource r 'T/t@1' = {\n  name: a\n}\n", "required parameter 'a'")]
    [InlineData("@allowed(['x'])\nparam a string = 'y'\nresource r 'T/t@1' = {\n  name: a\n}\n", "@allowed")]
    [InlineData("@minValue(2)\nparam a int = 1\nresource r 'T/t@1' = {\n  name: 'r${a}'\n}\n", "@minValue")]
    [InlineData("param a int = 'one'\nresource r 'T/t@1' = {\n  name: 'r${a}'\n}\n", "type 'int'")]
    [InlineData(Account + "resource r 'T/t@1' = {\n  name: st.properties.primaryEndpoints.blob\n}\n", "BCP120")]
    [InlineData(Account + "resource r 'T/t@1' = if (st.properties.isHnsEnabled) {\n  name: 'r'\n}\n", "BCP177")]
    [InlineData(Account + "resource r 'T/t@1' = [for x in st.properties.names: {\n  name: x\n}]\n", "BCP178")]
    [InlineData(Account + "resource r 'Microsoft.Web/sites/config@1' = {\n  parent: st\n  name: 'r'\n}\n", "under a parent")]
    [InlineData("resource r 'T/t@1' = {\n  name: 'r'\n  properties: secrets()\n}\n", "call of 'secrets'")]
    [InlineData("module m 'nowhere.bicep' = {\n  name: 'm'\n}\n", "does not exist")]
    public void Of_TemplateWithFault_SaysWhere(string source, string found)
    {
        var exception = Assert.Throws<BicepException>(() => Deployment.Of(BicepFile.Parse(source), new Dictionary<string, object?>()));
        Assert.Contains(found, exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Of_LoopsConditionsAndNestedResources_AreResolved()
    {
        var deployment = Deployment.Of(
            BicepFile.Parse("""
                param on bool
                param names string[]
                resource a 'T/a@1' = {
                  name: 'a'
                  resource b 'b' = {
                    name: 'b'
                    properties: { state: on ? 'on' : 'off' }
                  }
                }
                resource c 'T/a/c@1' = [for (n, i) in names: {
                  parent: a
                  name: '${n}${i + 1}'
                }]
                resource d 'T/d@1' = if (!on) {
                  name: 'd'
                }
                output id string = a.id
                """),
            new Dictionary<string, object?> { ["on"] = true, ["names"] = new List<object?> { "x", "y" } });

        Assert.Equal(["T/a a", "T/a/b a/b", "T/a/c a/x1", "T/a/c a/y2"], deployment.Resources.Select(resource => $"{resource.Type} {resource.Name}"));
        Assert.Equal("on", deployment.Resources[1].At("properties.state"));
        Assert.Equal("/T/a/a", deployment.Outputs["id"]);
    }

    [Fact]
    public void Main_EveryOption_Deploys()
    {
        Assert.NotEmpty(Scenario.Default.Resources);
        Assert.True(Scenario.Everything.Resources.Count > Scenario.Default.Resources.Count);
    }

    [Fact]
    public void Resources_InOneDeployment_HaveDistinctNames() =>
        Assert.Empty(Scenario.Everything.Resources.GroupBy(resource => $"{resource.Scope} {resource.Type}/{resource.Name}").Where(group => group.Count() > 1).Select(group => group.Key));

    [Fact]
    public void Types_Deployed_AreOnTheList()
    {
        var declared = BicepFile.All.Values.SelectMany(file => file.Resources.Values).Select(resource => BicepFile.LiteralOf(resource.Child("string")!)).Where(type => type.Contains('@', StringComparison.Ordinal));
        var deployed = Scenario.Everything.Resources.Select(resource => $"{resource.Type}@{resource.Version}");
        var used = declared.Concat(deployed).ToHashSet();
        Assert.Empty(used.Except(KnownTypes.Meters.Keys));
        Assert.Empty(KnownTypes.Meters.Keys.Except(used));
    }
}
