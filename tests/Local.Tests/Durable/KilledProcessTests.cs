using System.Diagnostics;
using System.Globalization;
using Mlops.TestKit;

namespace Mlops.Local.Tests.Durable;

/// <summary>A real process on a real Azurite, killed again and again by SIGKILL at random times.</summary>
public sealed class KilledProcessTests(AzuriteFixture azurite, ITestOutputHelper output)
{
    private const int Kills = 25;
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task KilledTwentyFiveTimes_EndsAsAnUndisturbedRun()
    {
        var undisturbed = TestNames.Table("Calm");
        string expected;
        using (var worker = Worker.Start(azurite.ConnectionString, undisturbed, "main"))
        {
            expected = await worker.ResultAsync(s_patience);
        }

        var effects = await TableEffects.AllAsync(azurite.ConnectionString, undisturbed);
        Assert.Contains("collected 012345", expected, StringComparison.Ordinal);
        Assert.NotEmpty(effects);

        var random = new Random(20_300_101);
        var hub = TestNames.Table("Killed");
        var kills = 0;
        var instances = 0;
        while (kills < Kills)
        {
            // One instance after the other, so that every kill hits a run.
            instances++;
            string? result = null;
            while (result is null)
            {
                using var worker = Worker.Start(azurite.ConnectionString, hub, $"main{instances}");
                if (kills < Kills && random.Next(5) == 0)
                {
                    // While it starts or takes up what the last one left.
                    await Task.Delay(random.Next(50, 500), CancellationToken.None);
                    worker.Kill();
                    kills++;
                    continue;
                }

                await worker.ReadyAsync(s_patience);
                if (kills < Kills)
                {
                    await Task.WhenAny(worker.ResultAsync(s_patience), Task.Delay(random.Next(1, 250), CancellationToken.None));
                    if (!worker.HasResult)
                    {
                        worker.Kill();
                        kills++;
                        continue;
                    }
                }

                result = await worker.ResultAsync(s_patience);
            }

            Assert.Equal(expected, result);
        }

        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{kills} kills in {instances} instance(s)"));
        var runs = (await TableEffects.AllAsync(azurite.ConnectionString, hub)).GroupBy(e => e.Run, e => e.Effect).ToList();
        Assert.Equal(instances, runs.Count);
        Assert.All(runs, seen => Assert.Equal(effects.Select(e => e.Effect), seen));
    }

    /// <summary>This test assembly as a process that runs the workload, see <see cref="CrashWorker"/>.</summary>
    private sealed class Worker : IDisposable
    {
        private readonly Process _process;
        private readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource<string> _result = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly List<string> _lines = [];

        private Worker(Process process)
        {
            _process = process;
            process.OutputDataReceived += (_, line) => Read(line.Data);
            process.ErrorDataReceived += (_, line) => Read(line.Data);
            process.BeginOutputReadLine();
            process.BeginErrorReadLine();
        }

        public bool HasResult => _result.Task.IsCompleted;

        public static Worker Start(string connection, string hub, string instance)
        {
            var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
            start.ArgumentList.Add("exec");
            start.ArgumentList.Add(typeof(Worker).Assembly.Location);
            start.Environment[CrashWorker.Variable] = $"{hub}|{instance}|{connection}";
            start.Environment["DOTNET_STARTUP_HOOKS"] = typeof(Worker).Assembly.Location;
            return new Worker(Process.Start(start)!);
        }

        public Task ReadyAsync(TimeSpan patience) => WaitAsync(_ready.Task, patience);

        public async Task<string> ResultAsync(TimeSpan patience)
        {
            await WaitAsync(_result.Task, patience);
            return await _result.Task;
        }

        public void Kill()
        {
            _process.Kill();
            _process.WaitForExit();
        }

        public void Dispose()
        {
            if (!_process.HasExited)
            {
                Kill();
            }

            _process.Dispose();
        }

        private async Task WaitAsync(Task task, TimeSpan patience)
        {
            try
            {
                await task.WaitAsync(patience);
            }
            catch (TimeoutException)
            {
                lock (_lines)
                {
                    throw new TimeoutException($"The worker said nothing within {patience}. Its output:\n{string.Join('\n', _lines)}");
                }
            }
        }

        private void Read(string? line)
        {
            if (line is null)
            {
                return;
            }

            lock (_lines)
            {
                _lines.Add(line);
            }

            if (line == CrashWorker.Ready)
            {
                _ready.TrySetResult();
            }
            else if (line.StartsWith(CrashWorker.Result, StringComparison.Ordinal))
            {
                _result.TrySetResult(line[CrashWorker.Result.Length..]);
            }
        }
    }
}
