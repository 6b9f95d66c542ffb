using Microsoft.AspNetCore.Builder;
using Microsoft.Azure.Functions.Worker.Middleware;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.Metrics;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Microsoft.Azure.Functions.Worker.Builder;

/// <summary>Builds a functions app.</summary>
public class FunctionsApplicationBuilder : IHostApplicationBuilder, IFunctionsWorkerApplicationBuilder
{
    private readonly WebApplicationBuilder _inner;
    private readonly IFunctionsEngine? _engine = FunctionsEngine.Current;
    private readonly List<Func<FunctionExecutionDelegate, FunctionExecutionDelegate>> _middleware = [];

    internal FunctionsApplicationBuilder(string[] args)
    {
        _inner = WebApplication.CreateBuilder(new WebApplicationOptions { Args = args, ContentRootPath = AppContext.BaseDirectory });
        _inner.Configuration.AddEnvironmentVariables("AZURE_FUNCTIONS_");
        _inner.Logging.ClearProviders();
        _inner.Services.AddOptions<WorkerOptions>();
        _engine?.Prepare(_inner);
    }

    /// <summary>Values that extensions share while the app is built.</summary>
    public IDictionary<object, object> Properties => ((IHostApplicationBuilder)_inner).Properties;

    /// <summary>The app's configuration.</summary>
    public ConfigurationManager Configuration => _inner.Configuration;

    /// <summary>The app's environment.</summary>
    public IHostEnvironment Environment => _inner.Environment;

    /// <summary>The app's logging.</summary>
    public ILoggingBuilder Logging => _inner.Logging;

    /// <summary>The app's metrics.</summary>
    public IMetricsBuilder Metrics => _inner.Metrics;

    /// <summary>The app's services.</summary>
    public IServiceCollection Services => _inner.Services;

    IConfigurationManager IHostApplicationBuilder.Configuration => _inner.Configuration;

    /// <summary>Builds the host.</summary>
    /// <exception cref="InvalidOperationException">The app was started by itself: it needs a host that triggers its functions.</exception>
    public IHost Build() => _engine is null
        ? throw new InvalidOperationException(
            "This functions app was started by itself; expected: started by a host. Start it with scripts/run.sh (or 'dotnet run --project local') on one machine, or publish it to Azure.")
        : _engine.Build(_inner, _middleware);

    /// <summary>Replaces the container of the app's services.</summary>
    public void ConfigureContainer<TContainerBuilder>(IServiceProviderFactory<TContainerBuilder> factory, Action<TContainerBuilder>? configure = null)
        where TContainerBuilder : notnull => ((IHostApplicationBuilder)_inner).ConfigureContainer(factory, configure);

    /// <summary>Adds middleware around every invocation.</summary>
    public IFunctionsWorkerApplicationBuilder Use(Func<FunctionExecutionDelegate, FunctionExecutionDelegate> middleware)
    {
        ArgumentNullException.ThrowIfNull(middleware);
        _middleware.Add(middleware);
        return this;
    }
}
