using System.Diagnostics;
using System.Text.Json;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Mlops.TestKit;

namespace Mlops.Functions.Tests.Boundaries;

/// <summary>Rules about the files of the repository itself.</summary>
public sealed partial class RepositoryTests
{
    private const int MaxTextBytes = 2 << 20;

    [Fact]
    public void HostJson_BesideTheApp_IsTheOneAtTheRoot() =>
        Assert.Equal(File.ReadAllText(Repository.File("host.json")), File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "host.json")));

    [Fact]
    public void BuildProperties_AreStrict()
    {
        var properties = XDocument.Load(Repository.File("Directory.Build.props")).Descendants("PropertyGroup").Elements().ToDictionary(e => e.Name.LocalName, e => e.Value);
        Assert.Equal("enable", properties["Nullable"]);
        Assert.Equal("true", properties["TreatWarningsAsErrors"]);
        Assert.Equal("true", properties["Deterministic"]);
        Assert.Equal("true", properties["EnforceCodeStyleInBuild"]);
        Assert.StartsWith("latest", properties["AnalysisLevel"], StringComparison.Ordinal);
        Assert.Contains("csharp_style_namespace_declarations = file_scoped:warning", File.ReadAllText(Repository.File(".editorconfig")), StringComparison.Ordinal);
    }

    [Fact]
    public void Projects_PackageVersions_AreCentral()
    {
        var own = Tracked("*.csproj").SelectMany(project => XDocument.Load(project).Descendants("PackageReference").Where(p => p.Attribute("Version") is not null).Select(p => $"{project}: {p}"));
        Assert.Empty(own);
        Assert.Equal("true", XDocument.Load(Repository.File("Directory.Packages.props")).Descendants("ManagePackageVersionsCentrally").Single().Value);
    }

    [Fact]
    public void PackageLock_EveryPackage_HasAnIntegrityHashAndNoAddress()
    {
        using var packages = JsonDocument.Parse(File.ReadAllText(Repository.File("package-lock.json")));
        foreach (var package in packages.RootElement.GetProperty("packages").EnumerateObject().Where(p => p.Name.Length > 0))
        {
            Assert.True(package.Value.TryGetProperty("integrity", out _), $"{package.Name} has no integrity hash.");
            Assert.False(package.Value.TryGetProperty("resolved", out _), $"{package.Name} names the registry it came from; remove 'resolved' (npm: omit-lockfile-registry-resolved).");
        }
    }

    [Fact]
    public void Files_NameNoWorkplace()
    {
        var found = new List<string>();
        foreach (var file in Tracked("*").Where(f => new FileInfo(f) is { Exists: true, Length: < MaxTextBytes }))
        {
            var text = File.ReadAllText(file);
            found.AddRange(Workplace().Matches(text).Select(match => $"{Path.GetRelativePath(Repository.Root, file)}: '{match.Value}'"));
        }

        Assert.Empty(found);
        Assert.DoesNotContain(Tracked("*").Select(Path.GetFileName), name => name is ".npmrc" || "nuget.config".Equals(name, StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public void Sources_HoldNoOpenEnds()
    {
        var found = Tracked("*.cs").Where(file => OpenEnd().IsMatch(File.ReadAllText(file))).Select(file => Path.GetRelativePath(Repository.Root, file));
        Assert.Empty(found);
    }

    [Theory]
    [InlineData("see /wo" + "rk/main/core", true)]
    [InlineData("path: /ro" + "ot/.nuget", true)]
    [InlineData("copied from sha" + "red/golden", true)]
    [InlineData("https://feed.example/v3/in" + "dex.json", true)]
    [InlineData("Microsoft.NET/share" + "d/x and /home/site/wwwroot and homework/x", false)]
    public void Workplace_Pattern_FindsWhatItShould(string text, bool found) => Assert.Equal(found, Workplace().IsMatch(text));

    /// <summary>Directories of one machine, and addresses of package feeds. Written in pieces, so that this file does not match.</summary>
    [GeneratedRegex("(?<![\\w./-])/(?:wo[r]k|ro[o]t|Use[r]s/\\w+)/|(?<![\\w./-])sha[r]ed/|v3/in[d]ex\\.json")]
    private static partial Regex Workplace();

    [GeneratedRegex("//\\s*(?:TO[D]O|FIX[M]E|HA[C]K)|NotImplemented[E]xception")]
    private static partial Regex OpenEnd();

    private static IEnumerable<string> Tracked(string pattern)
    {
        using var git = Process.Start(new ProcessStartInfo("git") { WorkingDirectory = Repository.Root, RedirectStandardOutput = true, ArgumentList = { "ls-files", "-z", "--", pattern } })
            ?? throw new InvalidOperationException("git did not start.");
        var names = git.StandardOutput.ReadToEnd();
        git.WaitForExit();
        Assert.True(git.ExitCode == 0, "git ls-files failed: this test needs a clone of the repository.");
        return names.Split('\0', StringSplitOptions.RemoveEmptyEntries).Select(name => Repository.File(name)).Where(File.Exists);
    }
}
