using Mlops.TestKit;

namespace Mlops.Functions.Tests.Boundaries;

/// <summary>What a browser or a spreadsheet might run leaves the app by one door, or not at all.</summary>
public sealed class OutputTests
{
    [Fact]
    public void Pages_AreAnsweredInOnePlace_WhichSetsTheirPolicy() => Assert.Equal(["functions/Hosting/Api.cs"], Naming("text/html", "functions"));

    [Fact]
    public void Tables_ForSpreadsheets_AreNotWritten() => Assert.Empty(Naming("text/csv", "functions", "storage", "cli"));

    private static IEnumerable<string> Naming(string contentType, params string[] folders) => folders
        .SelectMany(folder => Directory.EnumerateFiles(Repository.File(folder), "*.cs", SearchOption.AllDirectories))
        .Where(file => !file.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal))
        .Where(file => File.ReadAllText(file).Contains(contentType, StringComparison.OrdinalIgnoreCase))
        .Select(file => Path.GetRelativePath(Repository.Root, file).Replace(Path.DirectorySeparatorChar, '/'));
}
