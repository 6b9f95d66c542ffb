using System.Diagnostics;
using System.Globalization;
using Azure.Data.Tables;
using Azure.Storage.Blobs;
using Azure.Storage.Queues;
using Mlops.Azurite;

namespace Mlops.Storage.Tests.Azurite;

public sealed class AzuriteProcessTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("azurite-test-").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public async Task Start_InMemory_AllThreeServicesWork()
    {
        await using var azurite = await AzuriteProcess.StartAsync();
        await new TableServiceClient(azurite.ConnectionString).CreateTableAsync("tab");
        await new BlobServiceClient(azurite.ConnectionString).CreateBlobContainerAsync("container");
        await new QueueServiceClient(azurite.ConnectionString).CreateQueueAsync("queue");
    }

    [Fact]
    public async Task Start_SameDirectoryAgain_FindsTheData()
    {
        await using (var first = await AzuriteProcess.StartAsync(new AzuriteOptions { DataDirectory = _directory }))
        {
            var table = new TableClient(first.ConnectionString, "kept");
            await table.CreateAsync();
            await table.AddEntityAsync(new TableEntity("p", "r") { ["A"] = 1 });
        }

        await using var second = await AzuriteProcess.StartAsync(new AzuriteOptions { DataDirectory = _directory });
        Assert.Equal(1, (await new TableClient(second.ConnectionString, "kept").GetEntityAsync<TableEntity>("p", "r")).Value.GetInt32("A"));
    }

    [Fact]
    public async Task Start_DirectoryInUse_IsRefused()
    {
        await using var first = await AzuriteProcess.StartAsync(new AzuriteOptions { DataDirectory = _directory });
        var failure = await Assert.ThrowsAsync<AzuriteException>(() => AzuriteProcess.StartAsync(new AzuriteOptions { DataDirectory = _directory }));
        Assert.Contains(_directory, failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_PredecessorStillRunning_EndsBeforeTheNewOneReadsItsData()
    {
        // What a killed parent leaves behind: a running process whose id lies in the directory, and no lock.
        using var left = Process.Start(new ProcessStartInfo("node") { ArgumentList = { "-e", "setInterval(() => {}, 1000)" } })!;
        await File.WriteAllTextAsync(Path.Combine(_directory, "azurite.pid"), string.Create(CultureInfo.InvariantCulture, $"{left.Id} {left.StartTime.ToUniversalTime().Ticks}"));
        var start = AzuriteProcess.StartAsync(new AzuriteOptions { DataDirectory = _directory });
        Assert.False(start.IsCompleted);
        left.Kill();
        await using var azurite = await start;
        Assert.True(left.HasExited);
    }

    // In a container whose first process asks nobody how it ended, the Azurite of a killed host stays in the list: the next start waited for it without end.
    [Fact]
    public async Task Start_PredecessorThatEndedAndStaysListed_IsNotWaitedFor()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Zombies are of Unix; their state is read on Linux.");
        using var parent = Process.Start(new ProcessStartInfo("bash") { RedirectStandardOutput = true, ArgumentList = { "-c", "sleep 5 & echo $!; exec sleep 1000" } })!;
        try
        {
            using var zombie = Process.GetProcessById(int.Parse((await parent.StandardOutput.ReadLineAsync())!, CultureInfo.InvariantCulture));
            await File.WriteAllTextAsync(Path.Combine(_directory, "azurite.pid"), string.Create(CultureInfo.InvariantCulture, $"{zombie.Id} {zombie.StartTime.ToUniversalTime().Ticks}"));
            await using var azurite = await AzuriteProcess.StartAsync(new AzuriteOptions { DataDirectory = _directory }).WaitAsync(TimeSpan.FromMinutes(2));
            Assert.True(azurite.ProcessId > 0);
        }
        finally
        {
            parent.Kill();
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("not a pid")]
    [InlineData("2147483647 0")]
    public async Task Start_StalePidFile_IsPassedOver(string content)
    {
        await File.WriteAllTextAsync(Path.Combine(_directory, "azurite.pid"), content);
        await using var azurite = await AzuriteProcess.StartAsync(new AzuriteOptions { DataDirectory = _directory });
        Assert.True(azurite.ProcessId > 0);
    }

    [Fact]
    public async Task Start_PidOfAnotherProgram_IsLeftAlone()
    {
        await File.WriteAllTextAsync(Path.Combine(_directory, "azurite.pid"), string.Create(CultureInfo.InvariantCulture, $"{Environment.ProcessId} {DateTime.UtcNow.AddDays(-1).Ticks}"));
        await using var azurite = await AzuriteProcess.StartAsync(new AzuriteOptions { DataDirectory = _directory });
        Assert.True(azurite.ProcessId > 0);
    }

    [Fact]
    public async Task Dispose_Running_EndsTheProcess()
    {
        var azurite = await AzuriteProcess.StartAsync();
        using var process = Process.GetProcessById(azurite.ProcessId);
        await azurite.DisposeAsync();
        Assert.True(process.HasExited);
    }

    [Fact]
    public async Task Start_PackageMissing_SaysWhatToDo()
    {
        var failure = await Assert.ThrowsAsync<AzuriteException>(() => AzuriteProcess.StartAsync(new AzuriteOptions { SearchFrom = _directory }));
        Assert.Contains("npm ci", failure.Message, StringComparison.Ordinal);
        Assert.Contains(_directory, failure.Message, StringComparison.Ordinal);
    }
}
