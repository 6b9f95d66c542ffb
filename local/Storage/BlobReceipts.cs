namespace Mlops.Local.Storage;

/// <summary>Which versions of blobs were dealt with, in a file that survives the process: one line <c>version TAB name</c> each, the last line of a name counts.</summary>
internal sealed class BlobReceipts : IDisposable
{
    private readonly Dictionary<string, string> _versions = [];
    private readonly StreamWriter _file;

    public BlobReceipts(string path)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        var lines = 0;
        if (File.Exists(path))
        {
            foreach (var line in File.ReadLines(path))
            {
                lines++;

                // A process killed while writing leaves at most a partial last line: that blob is dealt with again.
                if (line.Split('\t', 2) is [var version, var name])
                {
                    _versions[Uri.UnescapeDataString(name)] = version;
                }
            }
        }

        if (lines > 2 * _versions.Count)
        {
            var temporary = path + ".tmp";
            File.WriteAllLines(temporary, _versions.Select(v => Line(v.Key, v.Value)));
            File.Move(temporary, path, overwrite: true);
        }

        _file = new StreamWriter(path, append: true) { AutoFlush = true };
        if (lines > 0)
        {
            // Ends a partial line, so that the next receipt is not glued to it.
            _file.WriteLine();
        }
    }

    /// <summary>Whether this version of a blob was dealt with.</summary>
    public bool Has(string name, string version)
    {
        lock (_versions)
        {
            return _versions.TryGetValue(name, out var known) && known == version;
        }
    }

    /// <summary>Notes that it was.</summary>
    public void Add(string name, string version)
    {
        lock (_versions)
        {
            _versions[name] = version;
            _file.WriteLine(Line(name, version));
        }
    }

    public void Dispose() => _file.Dispose();

    private static string Line(string name, string version) => $"{version}\t{Uri.EscapeDataString(name)}";
}
