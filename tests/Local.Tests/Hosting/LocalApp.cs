using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Mlops.Local.EventGrid;
using Mlops.Local.Hosting;

namespace Mlops.Local.Tests.Hosting;

/// <summary>A functions app of a few test classes, run by the embedded host in this process.</summary>
internal sealed class LocalApp : IAsyncDisposable
{
    private readonly IHost _host;

    private LocalApp(IHost host, LocalOptions options)
    {
        _host = host;
        Options = options;
        Client = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{options.Port}") };
    }

    public HttpClient Client { get; }

    public LocalOptions Options { get; }

    public IServiceProvider Services => _host.Services;

    public Recorder Recorder => Services.GetRequiredService<Recorder>();

    /// <summary>Starts an app without Event Grid subscriptions and watched container, unless the options say otherwise.</summary>
    public static async Task<LocalApp> StartAsync(
        string storage,
        IReadOnlyList<Type> functions,
        Action<FunctionsApplicationBuilder>? configure = null,
        Func<LocalOptions, LocalOptions>? options = null,
        string hostJson = """{ "version": "2.0", "extensions": { "http": { "routePrefix": "" }, "queues": { "maxPollingInterval": "00:00:00.2" } } }""")
    {
        var folder = Directory.CreateTempSubdirectory("mlops-host-").FullName;
        var chosen = new LocalOptions { DataDirectory = folder, Storage = storage, EventGrid = new EventGridOptions { Subscriptions = [], WatchedContainer = null } };
        chosen = options?.Invoke(chosen) ?? chosen;
        chosen = (chosen with { Port = 0, HostJsonPath = Path.Combine(folder, "host.json") }).BindPort();
        chosen = chosen with { Settings = LocalHost.Settings(chosen, storage).ToDictionary(s => s.Key, s => (string?)s.Value).Concat(chosen.Settings).ToDictionary() };
        await File.WriteAllTextAsync(chosen.HostJsonPath, hostJson);

        FunctionsEngine.Current = new LocalEngine(functions, chosen);
        var builder = FunctionsApplication.CreateBuilder([]);
        FunctionsEngine.Current = null;
        builder.ConfigureFunctionsWebApplication();
        builder.Services.AddSingleton<Recorder>();
        configure?.Invoke(builder);
        var host = builder.Build();
        await host.StartAsync();
        return new LocalApp(host, chosen);
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _host.StopAsync();
        if (_host is IAsyncDisposable disposable)
        {
            await disposable.DisposeAsync();
        }
    }
}
