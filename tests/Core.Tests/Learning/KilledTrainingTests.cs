using System.Diagnostics;
using Mlops.Core.Learning.Boosting;

namespace Mlops.Core.Tests.Learning;

/// <summary>A training that is killed goes on in another process. The processes are this test program itself, running <see cref="Train"/>.</summary>
public class KilledTrainingTests
{
    private const string FolderVariable = "MLOPS_TEST_TRAINING";
    private const string SlowVariable = "MLOPS_TEST_TRAINING_SLOW";
    private static readonly BoostingOptions s_options = new() { Loss = BoostingLoss.Binary, Iterations = 300, MaxLeaves = 15, RowFraction = 0.8, ColumnFraction = 0.7, Seed = 5 };

    [Fact]
    public async Task Fit_ProcessKilled_AnotherEndsWithTheSameModel()
    {
        CancellationToken cancellationToken = TestContext.Current.CancellationToken;
        string folder = Directory.CreateTempSubdirectory("mlops-training-").FullName;
        try
        {
            // 1. A process is killed wherever it happens to be after its third checkpoint.
            using (Process first = Start(folder, slow: true))
            {
                while (!File.Exists(Checkpoint(folder, 3)) && !first.HasExited)
                {
                    await Task.Delay(20, cancellationToken);
                }

                Assert.False(first.HasExited, "The first process ended by itself.");
                first.Kill();
                await first.WaitForExitAsync(cancellationToken);
            }

            Assert.False(File.Exists(Model(folder)));

            // 2. Another one goes on to the end.
            using (Process second = Start(folder, slow: false))
            {
                await second.WaitForExitAsync(cancellationToken);
            }

            Assert.Equal(Bytes.Of(BoostingTrainer.Fit(Samples.Binary(2000, 6), s_options, null, null, cancellationToken).Model), await File.ReadAllBytesAsync(Model(folder), cancellationToken));
            Assert.True(int.Parse(await File.ReadAllTextAsync(Path.Combine(folder, "resumed"), cancellationToken), System.Globalization.CultureInfo.InvariantCulture) >= 30);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>What the processes do: go on from the newest checkpoint in a folder, keep more, and write the model.</summary>
    [Fact(Explicit = true)]
    public void Train()
    {
        string folder = Environment.GetEnvironmentVariable(FolderVariable) ?? throw new InvalidOperationException($"{FolderVariable} is not set; expected the folder of the checkpoints. Only the test above runs this.");
        bool slow = Environment.GetEnvironmentVariable(SlowVariable) == "1";
        int count = Directory.GetFiles(folder, "checkpoint-*").Length;
        BoostingCheckpoint? newest = count == 0 ? null : BoostingCheckpoint.Deserialize(File.ReadAllBytes(Checkpoint(folder, count)));
        File.WriteAllText(Path.Combine(folder, "resumed"), FormattableString.Invariant($"{newest?.History.Count ?? 0}"));
        BoostingResult result = BoostingTrainer.Fit(Samples.Binary(2000, 6), s_options, new BoostingSession
        {
            Resume = _ => newest,
            Progress = slow ? new Slow() : null,
            Checkpoint = checkpoint =>
            {
                // Renaming is what makes it whole: a process may be killed while it writes.
                string temporary = Path.Combine(folder, "temporary");
                File.WriteAllBytes(temporary, checkpoint.Serialize());
                File.Move(temporary, Checkpoint(folder, ++count));
            },
        });
        File.WriteAllBytes(Model(folder), Bytes.Of(result.Model));
    }

    private static Process Start(string folder, bool slow)
    {
        ProcessStartInfo start = new(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet") { UseShellExecute = false, RedirectStandardOutput = true };
        foreach (string argument in new[] { typeof(KilledTrainingTests).Assembly.Location, "-explicit", "only", "-method", $"{typeof(KilledTrainingTests).FullName}.{nameof(Train)}" })
        {
            start.ArgumentList.Add(argument);
        }

        start.Environment[FolderVariable] = folder;
        start.Environment[SlowVariable] = slow ? "1" : "0";
        Process process = new() { StartInfo = start };
        process.OutputDataReceived += (_, _) => { };
        process.Start();
        process.BeginOutputReadLine();
        return process;
    }

    private static string Checkpoint(string folder, int number) => Path.Combine(folder, FormattableString.Invariant($"checkpoint-{number}"));

    private static string Model(string folder) => Path.Combine(folder, "model");

    /// <summary>Slow enough to be killed on its way, wherever the tests run: 300 iterations take half a minute.</summary>
    private sealed class Slow : IProgress<BoostingProgress>
    {
        public void Report(BoostingProgress value) => Thread.Sleep(100);
    }
}
