namespace Mlops.Azurite;

/// <summary>Where the npm package azurite is installed.</summary>
internal static class AzuriteInstallation
{
    private static readonly string s_script = Path.Combine("node_modules", "azurite", "dist", "src", "azurite.js");

    /// <summary>The script to run, found in <paramref name="directory"/> or above it.</summary>
    /// <exception cref="AzuriteException">It is in none of them.</exception>
    internal static string Find(string directory)
    {
        for (var at = new DirectoryInfo(directory); at is not null; at = at.Parent)
        {
            var script = Path.Combine(at.FullName, s_script);
            if (File.Exists(script))
            {
                return script;
            }
        }

        throw new AzuriteException(
            $"Azurite is not installed: found no '{s_script}' in '{directory}' or any directory above it. "
            + "Run 'npm ci --ignore-scripts' in the repository (a build does it), or pass the connection string of a storage account.");
    }
}
