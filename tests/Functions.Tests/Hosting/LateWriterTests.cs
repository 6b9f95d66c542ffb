using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Mlops.Core.Costs;
using Mlops.Functions.Costs;
using Mlops.Functions.Inference;
using Mlops.Storage;
using Mlops.Storage.Costs;
using Mlops.Storage.Inference;
using Mlops.TestKit;

namespace Mlops.Functions.Tests.Hosting;

/// <summary>The official worker adds its connection and its HTTP server before the app adds anything: they stop last, and bring the last requests while the app's services already have been stopped.</summary>
public class LateWriterTests(AzuriteFixture azurite)
{
    [Fact]
    public async Task StoppingHost_KeepsPredictionsAndUsage_OfRequestsThatEndAfterTheAppsServices()
    {
        StorageConnection connection = new(name => name == StorageConnection.Name ? azurite.ConnectionString : null);
        await new StorageBootstrap(connection).CreateAsync(CancellationToken.None);
        string model = TestNames.Model();
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddLogging();
        builder.Services.AddHostedService(provider => new Server(model, provider.GetRequiredService<PredictionLogWriter>(), provider.GetRequiredService<UsageMeter>()));
        builder.Services
            .AddSingleton(TimeProvider.System).AddSingleton(connection).AddSingleton(connection.Usage)
            .AddSingleton<PredictionLog>().AddSingleton<TrafficStore>().AddSingleton<UsageStore>()
            .AddSingleton<UsageWriter>().AddHostedService(provider => provider.GetRequiredService<UsageWriter>())
            .AddSingleton<PredictionLogWriter>().AddHostedService(provider => provider.GetRequiredService<PredictionLogWriter>());
        using IHost host = builder.Build();
        await host.StartAsync();
        await host.StopAsync();

        Server server = (Server)host.Services.GetServices<IHostedService>().First();
        Assert.NotNull(await new PredictionLog(connection).FindAsync(server.Last, CancellationToken.None));
        IReadOnlyList<UsageRow> used = await new UsageStore(connection).ReadAsync(UsageStore.MonthOf(DateOnly.FromDateTime(DateTime.UtcNow)), CancellationToken.None);
        Assert.Equal(1, used.Where(row => row.Model == model && row.Kind == UsageKind.Serving).Sum(row => row.Used.Executions));
    }

    [Fact]
    public async Task WriterThatIsStoppedBeforeItBegan_WritesWhatItWasGiven()
    {
        StorageConnection connection = new(name => name == StorageConnection.Name ? azurite.ConnectionString : null);
        await new StorageBootstrap(connection).CreateAsync(CancellationToken.None);
        PredictionLog log = new(connection);
        string model = TestNames.Model();
        PredictionId id = PredictionId.New(model, 1, DateTimeOffset.UtcNow);
        using PredictionLogWriter writer = new(log, new TrafficStore(connection), TimeProvider.System, NullLogger<PredictionLogWriter>.Instance);
        await writer.StartAsync(new CancellationToken(canceled: true));
        Assert.True(writer.ExecuteTask!.IsCanceled);
        await writer.WriteAsync(model, [new PredictionRecord(id.ToString(), DateTimeOffset.UtcNow, 1, null, [], null, [1f])], CancellationToken.None);
        await writer.StoppedAsync(CancellationToken.None);
        Assert.NotNull(await log.FindAsync(id, CancellationToken.None));
    }

    /// <summary>A server whose last request ends while it drains.</summary>
    private sealed class Server(string model, PredictionLogWriter writer, UsageMeter meter) : IHostedService
    {
        public PredictionId Last { get; } = PredictionId.New(model, 1, DateTimeOffset.UtcNow);

        public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public async Task StopAsync(CancellationToken cancellationToken)
        {
            await writer.WriteAsync(model, [new PredictionRecord(Last.ToString(), DateTimeOffset.UtcNow, 1, null, [], null, [1f])], cancellationToken);
            meter.CountExecution(model, UsageKind.Serving);
        }
    }
}
