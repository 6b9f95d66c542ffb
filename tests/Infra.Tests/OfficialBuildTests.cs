using System.Diagnostics;
using System.Text.Json;

namespace Mlops.Infra.Tests;

/// <summary>What <c>dotnet publish functions -c Release</c> would build: official packages only, for linux-x64, compiled ahead of time. Evaluated, not restored: a partial feed lacks the packages.</summary>
public class OfficialBuildTests
{
    private static readonly Lazy<JsonElement> Published = new(() => Evaluate("functions/Mlops.Functions.csproj", "-p:_IsPublishing=true"));

    [Fact]
    public void Publish_ByDefault_MeansTheOfficialPackages()
    {
        Assert.Equal("azure", Property("MlopsHost"));
        var packages = Identities(Published.Value, "PackageReference");
        Assert.Superset(
            new HashSet<string>
            {
                "Microsoft.Azure.Functions.Worker",
                "Microsoft.Azure.Functions.Worker.Sdk",
                "Microsoft.Azure.Functions.Worker.Extensions.DurableTask",
                "Microsoft.Azure.Functions.Worker.Extensions.Http",
                "Microsoft.Azure.Functions.Worker.Extensions.Http.AspNetCore",
                "Microsoft.Azure.Functions.Worker.Extensions.Storage.Queues",
                "Microsoft.Azure.Functions.Worker.Extensions.Timer",
                "Microsoft.Azure.Functions.Worker.OpenTelemetry",
                "Azure.Monitor.OpenTelemetry.Exporter",
                "Microsoft.ML.OnnxRuntime",
            },
            packages.ToHashSet());
        Assert.DoesNotContain("Microsoft.Azure.Functions.Worker.Extensions.DurableTask.AzureManaged", packages);
    }

    [Fact]
    public void Publish_OfTheAppAndItsStorage_ReferencesNoStandIn()
    {
        foreach (var evaluated in new[] { Published.Value, Evaluate("storage/Mlops.Storage.csproj", "-p:_IsPublishing=true") })
        {
            Assert.DoesNotContain(Identities(evaluated, "ProjectReference"), reference => reference.Contains("sdk", StringComparison.OrdinalIgnoreCase));
            var versions = Identities(evaluated, "PackageVersion").ToHashSet();
            Assert.DoesNotContain(Identities(evaluated, "PackageReference"), package => !versions.Contains(package));
        }
    }

    [Fact]
    public void Publish_ForFlexConsumption_IsReadyToRunForLinuxX64()
    {
        Assert.Equal("linux-x64", Property("RuntimeIdentifier"));
        Assert.Equal("true", Property("PublishReadyToRun"));
        Assert.Equal("false", Property("SelfContained"));
        Assert.Equal("v4", Property("AzureFunctionsVersion"));
        Assert.Equal("net10.0", Property("TargetFramework"));

        // Warnings that only the official packages raise are seen first where nobody can try them out: they must not stop a deployment.
        Assert.NotEqual("true", Property("TreatWarningsAsErrors"));
    }

    [Fact]
    public void Publish_WithSchedulerOption_ReferencesItsBackend() =>
        Assert.Contains("Microsoft.Azure.Functions.Worker.Extensions.DurableTask.AzureManaged", Identities(Evaluate("functions/Mlops.Functions.csproj", "-p:_IsPublishing=true", "-p:USE_DURABLE_TASK_SCHEDULER=true"), "PackageReference"));

    [Fact]
    public void Build_ByDefault_UsesTheStandIns()
    {
        var local = Evaluate("functions/Mlops.Functions.csproj");
        Assert.Equal("local", local.GetProperty("Properties").GetProperty("MlopsHost").GetString());
        Assert.DoesNotContain(Identities(local, "PackageReference"), package => package.StartsWith("Microsoft.Azure.Functions.", StringComparison.Ordinal));
        Assert.Equal("true", local.GetProperty("Properties").GetProperty("TreatWarningsAsErrors").GetString());
        Assert.Equal("", local.GetProperty("Properties").GetProperty("RuntimeIdentifier").GetString());
    }

    private static string? Property(string name) => Published.Value.GetProperty("Properties").GetProperty(name).GetString();

    private static IReadOnlyList<string> Identities(JsonElement evaluated, string item) =>
        [.. evaluated.GetProperty("Items").GetProperty(item).EnumerateArray().Select(element => element.GetProperty("Identity").GetString()!)];

    private static JsonElement Evaluate(string project, params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, WorkingDirectory = Repository.Root };
        foreach (var argument in new[]
        {
            "msbuild", project, "-nologo", "-getItem:PackageReference,ProjectReference,PackageVersion",
            "-getProperty:MlopsHost,RuntimeIdentifier,PublishReadyToRun,SelfContained,AzureFunctionsVersion,TargetFramework,TreatWarningsAsErrors",
        }.Concat(arguments))
        {
            start.ArgumentList.Add(argument);
        }

        // What the caller's build was told must not reach this one.
        start.Environment.Remove("MlopsHost");
        start.Environment.Remove("MSBUILD_EXE_PATH");
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, $"dotnet msbuild {project} ended with {process.ExitCode}: {output}");
        using var json = JsonDocument.Parse(output);
        return json.RootElement.Clone();
    }
}
