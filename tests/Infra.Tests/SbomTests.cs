using System.Diagnostics;
using System.Text.Json;

namespace Mlops.Infra.Tests;

/// <summary>The bill of materials names every package that a restore resolved, with its hash.</summary>
public class SbomTests
{
    private const string Assets = "tests/Infra.Tests/obj/project.assets.json";

    [Fact]
    public void Sbom_OfARestore_NamesEveryPackageWithItsHash()
    {
        using var assets = JsonDocument.Parse(Repository.Read(Assets));
        var expected = assets.RootElement.GetProperty("libraries").EnumerateObject().Where(library => library.Value.GetProperty("type").GetString() == "package")
            .Select(library => $"pkg:nuget/{library.Name.Replace('/', '@')} {Convert.ToHexStringLower(Convert.FromBase64String(library.Value.GetProperty("sha512").GetString()!))}");
        var bom = Bom(Assets, "package-lock.json", "--version", "1.2.3");
        var shipped = bom.GetProperty("components").EnumerateArray().Where(component => component.GetProperty("scope").GetString() == "required").ToArray();
        Assert.Equal(expected.Order(StringComparer.Ordinal), shipped.Select(component => $"{component.GetProperty("purl")} {component.GetProperty("hashes")[0].GetProperty("content")}").Order(StringComparer.Ordinal));
        Assert.Equal(("CycloneDX", "1.6", "1.2.3"), (bom.GetProperty("bomFormat").GetString(), bom.GetProperty("specVersion").GetString(), bom.GetProperty("metadata").GetProperty("component").GetProperty("version").GetString()));
    }

    [Fact]
    public void Sbom_PackagesOfTheLockFile_AreThereAndNotShipped()
    {
        var npm = Bom(Assets, "package-lock.json").GetProperty("components").EnumerateArray().Where(component => component.GetProperty("purl").GetString()!.StartsWith("pkg:npm/", StringComparison.Ordinal)).ToArray();
        Assert.Contains(npm, component => component.GetProperty("name").GetString() == "azurite" && component.GetProperty("hashes")[0].GetProperty("alg").GetString() == "SHA-512");
        Assert.All(npm, component => Assert.Equal("excluded", component.GetProperty("scope").GetString()));
    }

    [Fact]
    public void Sbom_Dependencies_PointToComponents()
    {
        var bom = Bom(Assets);
        var known = bom.GetProperty("components").EnumerateArray().Select(component => component.GetProperty("bom-ref").GetString()).Append("mlops-serverless").ToHashSet();
        var dependencies = bom.GetProperty("dependencies").EnumerateArray().ToArray();
        Assert.All(dependencies, dependency => Assert.All(dependency.GetProperty("dependsOn").EnumerateArray(), on => Assert.Contains(on.GetString(), known)));
        Assert.NotEmpty(dependencies.Single(dependency => dependency.GetProperty("ref").GetString() == "mlops-serverless").GetProperty("dependsOn").EnumerateArray());

        // Nothing hangs in the air: every component is needed by something.
        var needed = dependencies.SelectMany(dependency => dependency.GetProperty("dependsOn").EnumerateArray().Select(on => on.GetString())).ToHashSet();
        Assert.DoesNotContain(known, reference => reference != "mlops-serverless" && !needed.Contains(reference));
    }

    [Fact]
    public void Sbom_Twice_IsTheSame() => Assert.Equal(Run(Assets, "package-lock.json").Output, Run(Assets, "package-lock.json").Output);

    [Theory]
    [InlineData(2)]
    [InlineData(1, "no-such-file.json")]
    [InlineData(1, "README.md")]
    public void Sbom_WithoutARestore_Fails(int expected, params string[] arguments) => Assert.Equal(expected, Run(arguments).Exit);

    private static JsonElement Bom(params string[] arguments)
    {
        var (exit, output) = Run(arguments);
        Assert.Equal(0, exit);
        using var json = JsonDocument.Parse(output);
        return json.RootElement.Clone();
    }

    private static (int Exit, string Output) Run(params string[] arguments)
    {
        var start = new ProcessStartInfo("node") { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = Repository.Root };
        foreach (var argument in arguments.Prepend("scripts/sbom.mjs"))
        {
            start.ArgumentList.Add(argument);
        }

        using var process = Process.Start(start)!;
        process.ErrorDataReceived += (_, _) => { };
        process.BeginErrorReadLine();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output);
    }
}
