using System.Reflection;
using Microsoft.Azure.Functions.Worker.Builder;
using Mlops.Azurite;
using Mlops.Local.EventGrid;
using Mlops.Local.Keys;
using Mlops.Local.Storage;

namespace Mlops.Local.Hosting;

/// <summary>The embedded host as a program: storage, settings, then the app's own Program.</summary>
internal static class LocalHost
{
    private const string App = "Mlops.Functions";
    private const string Authentication = "MlopsAuthentication";

    /// <summary>Runs the app until it is stopped; gives the process's exit code: 2 for a wrong command line, 1 for a start that failed.</summary>
    public static async Task<int> RunAsync(string[] arguments)
    {
        try
        {
            if (CommandLine.Parse(arguments) is { } options)
            {
                return await RunAsync(options.BindPort() with { Authentication = options.Authentication || Environment.GetEnvironmentVariable(Authentication) == "on" });
            }

            Console.WriteLine(CommandLine.Help);
            return 0;
        }
        catch (ArgumentException e)
        {
            await Console.Error.WriteLineAsync(e.Message);
            return 2;
        }
        catch (AzuriteException e)
        {
            await Console.Error.WriteLineAsync(e.Message);
            return 1;
        }
    }

    private static async Task<int> RunAsync(LocalOptions options)
    {
        Directory.CreateDirectory(options.DataDirectory);
        var given = options.Storage ?? Environment.GetEnvironmentVariable(StorageConnections.Default);
        await using var azurite = string.IsNullOrEmpty(given)
            ? await AzuriteProcess.StartAsync(new AzuriteOptions { DataDirectory = Path.Combine(options.DataDirectory, "azurite"), PreferUsualPorts = true })
            : null;
        foreach (var (name, value) in Settings(options, azurite?.ConnectionString ?? given!))
        {
            Environment.SetEnvironmentVariable(name, value);
        }

        options = options with { AzuriteConnection = azurite?.ConnectionString };
        var app = Assembly.Load(App);
        FunctionsEngine.Current = new LocalEngine(app, options);
        return Start(app);
    }

    /// <summary>The settings that the app finds, as Bicep sets them in Azure.</summary>
    internal static IReadOnlyDictionary<string, string> Settings(LocalOptions options, string storage)
    {
        var settings = new Dictionary<string, string> { [StorageConnections.Default] = storage, ["MlopsStorage"] = storage };
        // The app's own settings, as local.settings.json would give them to the Functions host.
        settings["MlopsDriftSchedule"] = Environment.GetEnvironmentVariable("MlopsDriftSchedule") ?? "0 0 * * * *";
        settings[Authentication] = options.Authentication ? "on" : Environment.GetEnvironmentVariable(Authentication) ?? "off";
        foreach (var topic in options.EventGrid.Topics)
        {
            settings[topic.Setting + "__topicEndpointUri"] = $"http://127.0.0.1:{options.Port}{TopicEndpoints.Path(topic.Name)}";
            settings[topic.Setting + "__topicKey"] = new KeyRing(options).Topic(topic.Name);
        }

        return settings;
    }

    /// <summary>Runs the app's own Program, which returns when the host has stopped.</summary>
    private static int Start(Assembly app)
    {
        var main = app.EntryPoint ?? throw new InvalidOperationException($"{app.GetName().Name} has no entry point; expected a Program that builds and runs a FunctionsApplication.");
        var result = main.Invoke(null, BindingFlags.DoNotWrapExceptions, null, main.GetParameters().Length == 0 ? null : [Array.Empty<string>()], null);
        return result is int code ? code : 0;
    }
}
