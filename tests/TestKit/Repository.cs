namespace Mlops.TestKit;

/// <summary>Files of the repository, for tests that read them.</summary>
public static class Repository
{
    /// <summary>The repository's root: the nearest folder above the test's binaries that holds the solution.</summary>
    public static string Root { get; } = Find();

    /// <summary>A path below the root.</summary>
    public static string File(params IReadOnlyList<string> parts) => Path.Combine([Root, .. parts]);

    private static string Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (System.IO.File.Exists(Path.Combine(folder.FullName, "Mlops.Serverless.sln")))
            {
                return folder.FullName;
            }
        }

        throw new InvalidOperationException($"No folder above {AppContext.BaseDirectory} holds Mlops.Serverless.sln; expected the tests to run from the repository's build output.");
    }
}
