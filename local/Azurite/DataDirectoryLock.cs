using System.Diagnostics;
using System.Globalization;

namespace Mlops.Azurite;

/// <summary>Keeps a data directory to one Azurite at a time, across crashes.</summary>
/// <remarks>An open file is the lock: the system releases it however the process ends. The Azurite of a killed process notices within moments and
/// writes its data; until it has ended, its id in the directory makes the next start wait, because two of them would overwrite each other's data.</remarks>
internal sealed class DataDirectoryLock : IDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan s_interval = TimeSpan.FromMilliseconds(50);

    private readonly FileStream _lock;
    private readonly string _pidFile;

    private DataDirectoryLock(FileStream held, string pidFile)
    {
        _lock = held;
        _pidFile = pidFile;
    }

    internal static async Task<DataDirectoryLock> AcquireAsync(string directory, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(directory);
        FileStream held;
        try
        {
            held = new FileStream(Path.Combine(directory, "azurite.lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException e)
        {
            throw new AzuriteException($"The data directory '{directory}' is in use by another running process; stop that one, or choose another directory.", e);
        }

        var result = new DataDirectoryLock(held, Path.Combine(directory, "azurite.pid"));
        try
        {
            await result.EndPredecessorAsync(cancellationToken).ConfigureAwait(false);
            return result;
        }
        catch
        {
            result.Dispose();
            throw;
        }
    }

    /// <summary>Notes the process that uses the directory now.</summary>
    internal void Record(Process azurite) =>
        File.WriteAllText(_pidFile, string.Create(CultureInfo.InvariantCulture, $"{azurite.Id} {azurite.StartTime.ToUniversalTime().Ticks}"));

    /// <summary>Notes that no process uses the directory any more.</summary>
    internal void Forget() => File.Delete(_pidFile);

    public void Dispose() => _lock.Dispose();

    private async Task EndPredecessorAsync(CancellationToken cancellationToken)
    {
        using var predecessor = Predecessor();
        if (predecessor is null)
        {
            return;
        }

        for (var waiting = Stopwatch.StartNew(); !HasEnded(predecessor); await Task.Delay(s_interval, cancellationToken).ConfigureAwait(false))
        {
            if (waiting.Elapsed > s_patience)
            {
                predecessor.Kill(entireProcessTree: true);
            }
        }
    }

    /// <summary>Whether a process has ended. On Linux one whose parent does not ask how it ended stays in the list of processes, as a zombie: in many containers nobody asks for what a killed process leaves.</summary>
    private static bool HasEnded(Process process)
    {
        if (process.HasExited)
        {
            return true;
        }

        try
        {
            // The state is the first field after the name in parentheses, which may itself hold some.
            return OperatingSystem.IsLinux() && File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{process.Id}/stat")).Split(')')[^1].TrimStart().StartsWith('Z');
        }
        catch (IOException)
        {
            return process.HasExited;
        }
    }

    /// <summary>The recorded process if it still runs; an id that now belongs to another program has another start time.</summary>
    private Process? Predecessor()
    {
        if (!File.Exists(_pidFile)
            || File.ReadAllText(_pidFile).Split(' ') is not [var idText, var startText]
            || !int.TryParse(idText, NumberStyles.None, CultureInfo.InvariantCulture, out var id)
            || !long.TryParse(startText, NumberStyles.None, CultureInfo.InvariantCulture, out var start))
        {
            return null;
        }

        try
        {
            var process = Process.GetProcessById(id);
            if ((process.StartTime.ToUniversalTime() - new DateTime(start, DateTimeKind.Utc)).Duration() < TimeSpan.FromSeconds(2))
            {
                return process;
            }

            process.Dispose();
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException)
        {
            // It ended before, or just now.
        }

        return null;
    }
}
