using System.Text.Json;
using System.Text.RegularExpressions;
using Mlops.Infra.Tests.Bicep;
using YamlDotNet.RepresentationModel;

namespace Mlops.Infra.Tests;

/// <summary>What azd fills in fits what the template takes.</summary>
public partial class ParameterFileTests
{
    [Fact]
    public void Parameters_OfTheFile_AreThoseOfTheTemplate() => Assert.Equal(BicepFile.Main.Parameters.Keys.Order(), Values().Keys.Order());

    [Fact]
    public void Defaults_OfTheFile_AreThoseOfTheTemplate()
    {
        foreach (var (name, value) in Values())
        {
            var parameter = BicepFile.Main.Parameters[name];
            var match = Substitution().Match(value);
            Assert.True(match.Success, $"{name}: '{value}' is not of the form ${{NAME}} or ${{NAME=default}}.");
            if (match.Groups["default"].Success)
            {
                Assert.NotNull(parameter.Default);
                Assert.Equal(Convert.ToString(Evaluator.Constant(parameter.Default), System.Globalization.CultureInfo.InvariantCulture)!.ToLowerInvariant(), match.Groups["default"].Value.ToLowerInvariant());
            }
        }
    }

    [Fact]
    public void Service_OfAzureYaml_IsTheTaggedApp()
    {
        var azure = Yaml.Load("azure.yaml");
        var service = Assert.Single(((YamlMappingNode)azure["services"]).Children);
        Assert.Equal("function", service.Value["host"].ToString());
        Assert.Single(Directory.GetFiles(Repository.PathOf(service.Value["project"].ToString()), "*.*proj"));
        Assert.Equal(service.Key.ToString(), Assert.Single(Scenario.Default.OfType("Microsoft.Web/sites")).At("tags.azd-service-name"));
        Assert.Equal("infra/main.bicep", $"{azure["infra"]["path"]}/{azure["infra"]["module"]}.bicep");
        Assert.Equal("test", Assert.Single(Scenario.Default.OfType("Microsoft.Resources/resourceGroups")).At("tags.azd-env-name"));
    }

    private static Dictionary<string, string> Values()
    {
        using var json = JsonDocument.Parse(Repository.Read("infra/main.parameters.json"));
        return json.RootElement.GetProperty("parameters").EnumerateObject().ToDictionary(parameter => parameter.Name, parameter => parameter.Value.GetProperty("value").GetString()!);
    }

    [GeneratedRegex(@"^\$\{(?<name>[A-Z_]+)(=(?<default>[^}]*))?\}$")]
    private static partial Regex Substitution();
}
