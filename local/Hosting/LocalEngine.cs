using System.Net;
using System.Reflection;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Azure.Functions.Worker.Middleware;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Mlops.Local.Admin;
using Mlops.Local.Blobs;
using Mlops.Local.Durable;
using Mlops.Local.EventGrid;
using Mlops.Local.Http;
using Mlops.Local.Keys;
using Mlops.Local.Outputs;
using Mlops.Local.Queues;
using Mlops.Local.Storage;
using Mlops.Local.Timers;

namespace Mlops.Local.Hosting;

/// <summary>The engine of a functions app on this machine: an ASP.NET Core host with every trigger in it.</summary>
/// <param name="functions">The types that may hold functions.</param>
/// <param name="options">How to run.</param>
internal sealed class LocalEngine(IEnumerable<Type> functions, LocalOptions options) : IFunctionsEngine
{
    public LocalEngine(Assembly functions, LocalOptions options) : this(functions.GetTypes(), options)
    {
    }

    public void Prepare(WebApplicationBuilder builder)
    {
        builder.Services.Configure<WorkerOptions>(worker => worker.InputConverters.Register<BuiltInConverters>());
        builder.Configuration.AddInMemoryCollection(options.Settings.Select(s => new KeyValuePair<string, string?>(s.Key.Replace("__", ":", StringComparison.Ordinal), s.Value)));

        // A page of another site must not reach the host through a name that it points to 127.0.0.1.
        builder.Configuration.AddInMemoryCollection([new("AllowedHosts", "localhost;127.0.0.1")]);
        builder.Logging.AddConsole(console => console.FormatterName = CompactConsole.FormatterName).AddConsoleFormatter<CompactConsole, Microsoft.Extensions.Logging.Console.ConsoleFormatterOptions>();
        builder.Logging.AddFilter("Microsoft", LogLevel.Warning).AddFilter("System", LogLevel.Warning).AddFilter("Azure", LogLevel.Warning);
    }

    public IHost Build(WebApplicationBuilder builder, IReadOnlyList<Func<FunctionExecutionDelegate, FunctionExecutionDelegate>> middleware)
    {
        var host = HostJson.Load(options.HostJsonPath, builder.Configuration);
        foreach (var (category, level) in host.LogLevels)
        {
            var name = string.Equals(category, "default", StringComparison.OrdinalIgnoreCase) ? null : category;
            builder.Logging.AddFilter(name, Enum.TryParse<LogLevel>(level, ignoreCase: true, out var parsed)
                ? parsed
                : throw new InvalidDataException($"{options.HostJsonPath}: 'logging.logLevel.{category}' is \"{level}\"; expected Trace, Debug, Information, Warning, Error, Critical or None."));
        }

        var services = builder.Services;
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(options);
        services.AddSingleton(host);
        services.AddSingleton(new FunctionCatalog(functions));
        services.AddSingleton(new MiddlewarePipeline(middleware));
        services.AddSingleton<AppSettings>();
        services.AddSingleton<StorageConnections>();
        services.AddSingleton<OutputBindings>();
        services.AddSingleton<FunctionInvoker>();
        services.AddSingleton<KeyRing>();
        services.AddMvcCore().AddDataAnnotations();
        services.AddSingleton<FromBodyFeature>();
        services.AddSingleton<IEndpointContributor, HttpTriggers>();
        services.AddSingleton<IEndpointContributor, AdminEndpoints>();
        services.AddDurable();
        services.AddSingleton<TimerState>();
        AddTrigger<TimerTriggers>(services);
        AddTrigger<QueueTriggers>(services);
        AddTrigger<BlobTriggers>(services);
        services.AddSingleton<IInputBinder, BlobInputs>();
        services.AddSingleton<IOutputWriter, QueueOutputs>();
        services.AddSingleton<IOutputWriter, BlobOutputs>();
        services.AddSingleton<IOutputWriter, EventGridOutputs>();
        services.AddSingleton<EventGridSubscribers>();
        services.AddSingleton<DeliverySender>();
        services.AddSingleton<DeadLetters>();
        services.AddSingleton<EventBroker>();
        services.AddHostedService(s => s.GetRequiredService<EventBroker>());
        services.AddHostedService<BlobCreatedWatcher>();
        services.AddSingleton<IEndpointContributor, TopicEndpoints>();
        services.AddSingleton<EventGridTriggers>();
        services.AddSingleton<IHandTrigger>(s => s.GetRequiredService<EventGridTriggers>());
        services.AddSingleton<IEndpointContributor>(s => s.GetRequiredService<EventGridTriggers>());
        services.AddHostedService<Announcement>();

        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Listen(IPAddress.Loopback, options.Port);
        });
        if (options.Listener is { } listener)
        {
            builder.WebHost.UseSockets(sockets => sockets.CreateBoundListenSocket = _ => listener);
        }

        var app = builder.Build();
        app.Use(LimitBody);
        app.Use(NotFoundForOtherMethods);
        app.UseRouting();
        foreach (var contributor in app.Services.GetServices<IEndpointContributor>())
        {
            contributor.Map(app);
        }

        return app;
    }

    private static void AddTrigger<T>(IServiceCollection services) where T : class, IHostedService, IHandTrigger
    {
        services.AddSingleton<T>();
        services.AddSingleton<IHandTrigger>(s => s.GetRequiredService<T>());
        services.AddHostedService(s => s.GetRequiredService<T>());
    }

    // Whatever the app allows its functions, the host's own endpoints read no more than the real host does.
    private static Task LimitBody(HttpContext http, RequestDelegate next)
    {
        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
        {
            limit.MaxRequestBodySize = HttpTriggers.DefaultHostLimitInBytes;
        }

        return next(http);
    }

    // The real host has no route for a method that no function takes; ASP.NET Core alone would answer 405.
    private static async Task NotFoundForOtherMethods(HttpContext http, RequestDelegate next)
    {
        await next(http);
        if (http.Response is { StatusCode: StatusCodes.Status405MethodNotAllowed, HasStarted: false } && http.GetEndpoint()?.DisplayName?.StartsWith("405", StringComparison.Ordinal) == true)
        {
            http.Response.Headers.Allow = default;
            http.Response.StatusCode = StatusCodes.Status404NotFound;
        }
    }
}
