using System.Diagnostics;

namespace Mlops.TestKit.Running;

/// <summary>Folders that programs of a test wrote to.</summary>
public static class TemporaryFolder
{
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(1);

    /// <summary>Deletes a folder. What a program that has ended had started may still be writing there: then it is tried again for a minute.</summary>
    public static void Delete(string folder)
    {
        for (var watch = Stopwatch.StartNew(); ;)
        {
            try
            {
                Directory.Delete(folder, recursive: true);
                return;
            }
            catch (IOException) when (watch.Elapsed < s_patience)
            {
                Thread.Sleep(100);
            }
        }
    }
}
