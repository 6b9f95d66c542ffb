using System.Diagnostics;
using System.Net;
using System.Text.Json;
using Mlops.Local.Hosting;
using Mlops.TestKit;

namespace Mlops.Local.Tests.Hosting;

public sealed class ProgramTests(AzuriteFixture azurite)
{
    [Fact]
    public async Task Program_SaysWhenItServes_StopsOnSigterm_AndStartsAgainAfterAKill()
    {
        var folder = Directory.CreateTempSubdirectory("mlops-program-").FullName;
        using (var killed = Start(folder))
        {
            await UntilServingAsync(killed, folder);
            killed.Kill();
            await killed.WaitForExitAsync();
        }

        using var host = Start(folder);
        await UntilServingAsync(host, folder);
        using (var signal = Process.Start("kill", ["-TERM", host.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]))
        {
            await signal.WaitForExitAsync();
        }

        await host.WaitForExitAsync().WaitAsync(TimeSpan.FromMinutes(1));
        Assert.Equal(0, host.ExitCode);
        Assert.False(File.Exists(Path.Combine(folder, "ready.json")));
    }

    [Fact]
    public async Task WrongArgument_EndsWithCodeTwo()
    {
        using var host = Run(["--nonsense"]);

        await host.WaitForExitAsync().WaitAsync(TimeSpan.FromMinutes(1));

        Assert.Equal(2, host.ExitCode);
        Assert.Contains("'--nonsense' is not an argument", await host.StandardError.ReadToEndAsync(), StringComparison.Ordinal);
    }

    private static async Task UntilServingAsync(Process host, string folder)
    {
        var path = Path.Combine(folder, "ready.json");
        for (var i = 0; ; i++)
        {
            Assert.False(host.HasExited, "the host ended before it served");
            Assert.True(i < 1200, "the host did not serve");
            if (File.Exists(path))
            {
                var ready = JsonDocument.Parse(await File.ReadAllTextAsync(path)).RootElement;
                if (ready.GetProperty("processId").GetInt32() == host.Id)
                {
                    using var client = new HttpClient();
                    Assert.Equal(HttpStatusCode.OK, (await client.GetAsync(ready.GetProperty("url").GetString() + "/admin/host/status")).StatusCode);
                    return;
                }
            }

            await Task.Delay(100);
        }
    }

    private static Process Run(string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", [typeof(LocalHost).Assembly.Location, .. arguments]) { RedirectStandardError = true, RedirectStandardOutput = true };
        var process = Process.Start(start)!;
        process.BeginOutputReadLine();
        return process;
    }

    private Process Start(string folder)
    {
        var process = Run(["--port", "0", "--data", folder, "--storage", azurite.ConnectionString]);
        process.BeginErrorReadLine();
        return process;
    }
}
