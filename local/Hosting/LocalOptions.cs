using System.Net;
using System.Net.Sockets;

namespace Mlops.Local.Hosting;

/// <summary>How one embedded host runs.</summary>
internal sealed record LocalOptions
{
    /// <summary>Port on 127.0.0.1; 0 for any free port. 7071 by default, as with the Functions Core Tools.</summary>
    public int Port { get; init; } = 7071;

    /// <summary>The socket that holds <see cref="Port"/> since <see cref="BindPort"/>, for the server to listen on.</summary>
    public Socket? Listener { get; private init; }

    /// <summary>Folder of everything the host keeps: Azurite's data, keys, accepted events, the ready file.</summary>
    public string DataDirectory { get; init; } = ".mlops";

    /// <summary>Whether the app asks its callers who they are; then keys are asked for too, because the master key opens what hands out tokens.</summary>
    public bool Authentication { get; init; }

    /// <summary>Whether callers must show function keys by auth level.</summary>
    public bool EnforceKeys
    {
        get => field || Authentication;
        init;
    }

    /// <summary>Storage connection string; null to start Azurite.</summary>
    public string? Storage { get; init; }

    /// <summary>Connection string of the Azurite that this host started, for scripts beside it; null with storage given from outside.</summary>
    public string? AzuriteConnection { get; init; }

    /// <summary>Path of host.json.</summary>
    public string HostJsonPath { get; init; } = Path.Combine(AppContext.BaseDirectory, "host.json");

    /// <summary>App settings that go before environment variables.</summary>
    public IReadOnlyDictionary<string, string?> Settings { get; init; } = new Dictionary<string, string?>();

    /// <summary>How long a queue message that is being worked on stays hidden; renewed at a third of it. Shorter than the real host's ten minutes,
    /// so that the messages of a killed host soon come back.</summary>
    public TimeSpan MessageVisibility { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Event Grid topics and subscriptions.</summary>
    public EventGrid.EventGridOptions EventGrid { get; init; } = new();

    /// <summary>These options with the port bound, or any free one for 0: the app's settings name the port before the server starts, and from now on nobody else can take it.</summary>
    /// <exception cref="ArgumentException">Another program has the port.</exception>
    public LocalOptions BindPort()
    {
        var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            listener.Bind(new IPEndPoint(IPAddress.Loopback, Port));

            // Bound alone, it would not keep others out that bind to the same port and listen first.
            listener.Listen();
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.AddressAlreadyInUse)
        {
            listener.Dispose();
            throw new ArgumentException($"Port {Port} is in use by another program. Stop it, or pass another one: --port 0 takes any free port.");
        }

        return this with { Port = ((IPEndPoint)listener.LocalEndPoint!).Port, Listener = listener };
    }
}
