using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Mlops.TestKit.Running;

/// <summary>The embedded host as a child process, which a test may kill and start again on the same data.</summary>
public sealed partial class HostProcess : IAsyncDisposable
{
    private const int MaxLogLines = 5000;
    private static readonly TimeSpan s_startTimeout = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan s_stopTimeout = TimeSpan.FromSeconds(30);

    private readonly string _data;
    private readonly string? _storage;
    private readonly bool _authentication;
    private readonly IReadOnlyDictionary<string, string> _settings;
    private readonly Queue<string> _log = new();
    private Process? _process;
    private Socket? _reserved;
    private int _port;

    private HostProcess(string data, string? storage, bool authentication, IReadOnlyDictionary<string, string> settings)
    {
        _data = data;
        _storage = storage;
        _authentication = authentication;
        _settings = settings;
    }

    /// <summary>Where the host listens; the same after a restart.</summary>
    public Uri BaseUrl => new($"http://127.0.0.1:{_port}");

    /// <summary>The directory with what the host keeps outside of storage, its keys among it.</summary>
    public string DataDirectory => _data;

    /// <summary>The master key, which opens the host's own routes.</summary>
    public string MasterKey => JsonDocument.Parse(File.ReadAllText(Path.Combine(_data, "keys.json"))).RootElement.GetProperty("master").GetString()!;

    /// <summary>What the host has written so far, of all its lives: the last 5,000 lines.</summary>
    public string Log
    {
        get
        {
            lock (_log)
            {
                return string.Join(Environment.NewLine, _log);
            }
        }
    }

    /// <summary>Starts the host on a directory of its own and waits until it listens.</summary>
    /// <param name="storage">The connection string of the storage account; null for one that the host starts itself.</param>
    /// <param name="authentication">Whether the app asks for tokens, and the host for keys.</param>
    /// <param name="settings">App settings besides those that the host sets itself.</param>
    public static async Task<HostProcess> StartAsync(string? storage, bool authentication = false, IReadOnlyDictionary<string, string>? settings = null)
    {
        var host = new HostProcess(Directory.CreateTempSubdirectory("mlops-test-").FullName, storage, authentication, settings ?? new Dictionary<string, string>());
        await host.StartAsync();
        return host;
    }

    /// <summary>Starts the host again after <see cref="KillAsync"/> or <see cref="StopAsync"/>: same port, same data.</summary>
    public async Task StartAsync()
    {
        var listening = new TaskCompletionSource<int>(TaskCreationOptions.RunContinuationsAsynchronously);
        var start = new ProcessStartInfo(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet") { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        string[] arguments = [Program(), "--port", _port.ToString(CultureInfo.InvariantCulture), "--data", _data];
        string[] storage = _storage is null ? [] : ["--storage", _storage];
        string[] authentication = _authentication ? ["--auth"] : [];
        foreach (var argument in arguments.Concat(storage).Concat(authentication))
        {
            start.ArgumentList.Add(argument);
        }

        foreach (var (name, value) in _settings)
        {
            start.Environment[name] = value;
        }

        var process = new Process { StartInfo = start, EnableRaisingEvents = true };
        process.OutputDataReceived += (_, e) => Take(e.Data, listening);
        process.ErrorDataReceived += (_, e) => Take(e.Data, listening);
        process.Exited += (_, _) => listening.TrySetException(new InvalidOperationException("The host ended before it listened."));
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        _process = process;
        try
        {
            _port = await listening.Task.WaitAsync(s_startTimeout);
            _reserved?.Dispose();
        }
        catch (Exception e) when (e is TimeoutException or InvalidOperationException)
        {
            await KillAsync();
            throw new InvalidOperationException($"The embedded host did not start: {e.Message} Its log: {Tail()}", e);
        }
    }

    /// <summary>Ends the host at once, as by <c>kill -9</c>: it gets no chance to write anything.</summary>
    public async Task KillAsync()
    {
        if (_process is { } process)
        {
            _process = null;
            process.Kill();
            await process.WaitForExitAsync();
            process.Dispose();
            Reserve();
        }
    }

    /// <summary>Lets the host end in order, where the system has a signal for that; else kills it.</summary>
    public async Task StopAsync()
    {
        if (_process is { HasExited: false } process && !OperatingSystem.IsWindows())
        {
            using var signal = Process.Start(new ProcessStartInfo("kill") { ArgumentList = { "-TERM", process.Id.ToString(CultureInfo.InvariantCulture) } });
            using var patience = new CancellationTokenSource(s_stopTimeout);
            try
            {
                await process.WaitForExitAsync(patience.Token);
            }
            catch (OperationCanceledException)
            {
                // KillAsync below ends it.
            }
        }

        await KillAsync();
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _reserved?.Dispose();
        TemporaryFolder.Delete(_data);
    }

    /// <summary>The end of the log, for messages, without the requests of a test that looks whether something has happened.</summary>
    public string Tail()
    {
        lock (_log)
        {
            return Environment.NewLine + string.Join(Environment.NewLine, _log.Where(line => !line.Contains(" GET /api/", StringComparison.Ordinal)).TakeLast(80));
        }
    }

    /// <summary>The host as built beside these tests, in the same configuration.</summary>
    private static string Program()
    {
        var output = new DirectoryInfo(AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar));
        var program = Repository.File("local", "bin", output.Parent!.Name, output.Name, "Mlops.Local.dll");
        return File.Exists(program) ? program : throw new FileNotFoundException($"The embedded host is not built: found no '{program}'. Build local/Mlops.Local.csproj.", program);
    }

    /// <summary>Keeps the port for the next life of the host: bound and not listening, it is nobody's free port, and on Linux another program that names it can still bind to it.</summary>
    private void Reserve()
    {
        if (OperatingSystem.IsLinux() && _port > 0)
        {
            _reserved = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            _reserved.Bind(new IPEndPoint(IPAddress.Loopback, _port));
        }
    }

    private void Take(string? line, TaskCompletionSource<int> listening)
    {
        if (line is null)
        {
            return;
        }

        lock (_log)
        {
            _log.Enqueue(line);
            if (_log.Count > MaxLogLines)
            {
                _log.Dequeue();
            }
        }

        if (Listening().Match(line) is { Success: true } match)
        {
            listening.TrySetResult(int.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture));
        }
    }

    [GeneratedRegex(@"^Listening on http://127\.0\.0\.1:(\d+)")]
    private static partial Regex Listening();
}
