using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.NetworkInformation;
using System.Text.RegularExpressions;

namespace Mlops.Azurite;

/// <summary>A running Azurite: the blob, queue and table service of one machine.</summary>
/// <remarks>It ends with this object, and with this process however that ends: its standard input is a pipe that only this process holds open, and
/// at the end of the pipe Azurite writes its data and stops.</remarks>
public sealed partial class AzuriteProcess : IAsyncDisposable
{
    private const string Account = "devstoreaccount1";

    // Azurite's account key is public: it is the same on every machine.
    private const string Key = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";

    // SIGTERM is what Azurite itself listens for to write its data and stop. Ctrl+C in a terminal reaches every process of the group at once:
    // Azurite must let it pass, or the host finds no storage to write to when it stops. It ends when its parent tells it to, or is gone.
    private const string EndWithParent = "const emit = process.emit; process.emit = function (name, ...rest) { return name === 'SIGINT' || emit.call(this, name, ...rest); }; process.on('SIGINT', () => {}); process.stdin.on('end', () => process.emit('SIGTERM')).on('error', () => process.emit('SIGTERM')).resume(); require(process.env.AZURITE_SCRIPT);";

    private static readonly string[] s_services = ["blob", "queue", "table"];
    private static readonly int[] s_usualPorts = [10000, 10001, 10002];
    private static readonly TimeSpan s_stopPatience = TimeSpan.FromSeconds(15);

    private readonly Process _process;
    private readonly DataDirectoryLock? _directory;
    private readonly int[] _ports;

    private AzuriteProcess(Process process, DataDirectoryLock? directory, int[] ports)
    {
        _process = process;
        _directory = directory;
        _ports = ports;
    }

    /// <summary>The address of the blob service, account included.</summary>
    public Uri BlobEndpoint => Endpoint(0);

    /// <summary>The address of the queue service, account included.</summary>
    public Uri QueueEndpoint => Endpoint(1);

    /// <summary>The address of the table service, account included.</summary>
    public Uri TableEndpoint => Endpoint(2);

    /// <summary>What storage clients and <c>AzureWebJobsStorage</c> take.</summary>
    public string ConnectionString =>
        $"DefaultEndpointsProtocol=http;AccountName={Account};AccountKey={Key};BlobEndpoint={BlobEndpoint};QueueEndpoint={QueueEndpoint};TableEndpoint={TableEndpoint};";

    /// <summary>The operating system's id of the process.</summary>
    public int ProcessId => _process.Id;

    /// <summary>Starts Azurite and waits until its three services answer.</summary>
    /// <exception cref="AzuriteException">Node.js or the package is missing, the data directory is in use, or a service does not answer in time; says what to do.</exception>
    public static async Task<AzuriteProcess> StartAsync(AzuriteOptions? options = null, CancellationToken cancellationToken = default)
    {
        options ??= new AzuriteOptions();
        var script = AzuriteInstallation.Find(options.SearchFrom);
        var directory = options.DataDirectory is { } path ? await DataDirectoryLock.AcquireAsync(path, cancellationToken).ConfigureAwait(false) : null;
        try
        {
            var azurite = await StartAsync(script, directory, options, options.PreferUsualPorts && AreFree(s_usualPorts) ? s_usualPorts : [0, 0, 0], cancellationToken).ConfigureAwait(false)

                // Another program took a usual port in between.
                ?? await StartAsync(script, directory, options, [0, 0, 0], cancellationToken).ConfigureAwait(false);
            return azurite!;
        }
        catch
        {
            directory?.Dispose();
            throw;
        }
    }

    /// <summary>Lets Azurite write its data and stop; ends it after 15 seconds.</summary>
    public async ValueTask DisposeAsync()
    {
        await StopAsync(_process).ConfigureAwait(false);
        _process.Dispose();
        _directory?.Forget();
        _directory?.Dispose();
    }

    /// <returns>Null where a given port is taken.</returns>
    private static async Task<AzuriteProcess?> StartAsync(string script, DataDirectoryLock? directory, AzuriteOptions options, int[] ports, CancellationToken cancellationToken)
    {
        var output = new AzuriteOutput(s_services);
        var process = Launch(script, options.DataDirectory, ports, output);
        try
        {
            directory?.Record(process);
            using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            patience.CancelAfter(options.StartTimeout);
            await Task.WhenAny(output.Listening, process.WaitForExitAsync(patience.Token)).ConfigureAwait(false);
            if (output.Listening.IsCompletedSuccessfully)
            {
                var azurite = new AzuriteProcess(process, directory, await output.Listening.ConfigureAwait(false));
                await azurite.WaitUntilAllAnswerAsync(patience.Token).ConfigureAwait(false);
                return azurite;
            }

            cancellationToken.ThrowIfCancellationRequested();
            if (ports[0] != 0 && output.Text.Contains("EADDRINUSE", StringComparison.Ordinal))
            {
                await StopAsync(process).ConfigureAwait(false);
                process.Dispose();
                return null;
            }

            throw new AzuriteException(process.HasExited
                ? $"Azurite ended with exit code {process.ExitCode} before it listened. Its output: {output.Text}"
                : $"Azurite did not listen within {options.StartTimeout.TotalSeconds:0} s. Its output: {output.Text}");
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            await StopAsync(process).ConfigureAwait(false);
            throw new AzuriteException($"Azurite's services did not answer within {options.StartTimeout.TotalSeconds:0} s. Its output: {output.Text}", e);
        }
        catch
        {
            await StopAsync(process).ConfigureAwait(false);
            throw;
        }
    }

    private static Process Launch(string script, string? dataDirectory, int[] ports, AzuriteOutput output)
    {
        var start = new ProcessStartInfo("node") { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        start.Environment["AZURITE_SCRIPT"] = script;
        string[] arguments = ["-e", EndWithParent, "azurite", "--silent", "--skipApiVersionCheck", "--disableTelemetry"];
        string[] data = dataDirectory is null ? ["--inMemoryPersistence"] : ["--location", Path.GetFullPath(dataDirectory)];
        var listen = s_services.Zip(ports).SelectMany(s => new[] { $"--{s.First}Host", "127.0.0.1", $"--{s.First}Port", s.Second.ToString(CultureInfo.InvariantCulture) });
        foreach (var argument in arguments.Concat(data).Concat(listen))
        {
            start.ArgumentList.Add(argument);
        }

        var process = new Process { StartInfo = start };
        process.OutputDataReceived += (_, line) => output.Add(line.Data);
        process.ErrorDataReceived += (_, line) => output.Add(line.Data);
        try
        {
            process.Start();
        }
        catch (Win32Exception e)
        {
            process.Dispose();
            throw new AzuriteException("Node.js was not found: the local storage services are Azurite, which runs on it. Install Node.js 20 or newer, or pass the connection string of a storage account.", e);
        }

        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return process;
    }

    private static async Task StopAsync(Process process)
    {
        if (process.HasExited)
        {
            return;
        }

        process.StandardInput.Close();
        using var patience = new CancellationTokenSource(s_stopPatience);
        try
        {
            await process.WaitForExitAsync(patience.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync(CancellationToken.None).ConfigureAwait(false);
        }
    }

    private static bool AreFree(int[] ports)
    {
        var taken = IPGlobalProperties.GetIPGlobalProperties().GetActiveTcpListeners();
        return !taken.Any(listener => ports.Contains(listener.Port));
    }

    private async Task WaitUntilAllAnswerAsync(CancellationToken cancellationToken)
    {
        using var http = new HttpClient();
        foreach (var endpoint in new[] { BlobEndpoint, QueueEndpoint, TableEndpoint })
        {
            // Any status will do: an unsigned request is refused, but by a service that works.
            using var response = await http.GetAsync(endpoint, cancellationToken).ConfigureAwait(false);
        }
    }

    private Uri Endpoint(int service) => new($"http://{IPAddress.Loopback}:{_ports[service]}/{Account}");

    /// <summary>The last lines that Azurite wrote, and the ports it says it listens on.</summary>
    private sealed partial class AzuriteOutput(string[] services)
    {
        private const int MaxLines = 40;

        private readonly Queue<string> _lines = new();
        private readonly int[] _ports = new int[services.Length];
        private readonly TaskCompletionSource<int[]> _listening = new(TaskCreationOptions.RunContinuationsAsynchronously);

        internal Task<int[]> Listening => _listening.Task;

        internal string Text
        {
            get
            {
                lock (_lines)
                {
                    return string.Join(Environment.NewLine, _lines);
                }
            }
        }

        internal void Add(string? line)
        {
            if (line is null)
            {
                return;
            }

            lock (_lines)
            {
                _lines.Enqueue(line);
                if (_lines.Count > MaxLines)
                {
                    _lines.Dequeue();
                }

                if (ListeningLine().Match(line) is { Success: true } match)
                {
                    _ports[Array.IndexOf(services, match.Groups["service"].Value.ToLowerInvariant())] = int.Parse(match.Groups["port"].Value, CultureInfo.InvariantCulture);
                    if (_ports.All(port => port > 0))
                    {
                        _listening.TrySetResult(_ports);
                    }
                }
            }
        }

        [GeneratedRegex(@"^Azurite (?<service>Blob|Queue|Table) service is successfully listen\w* (?:at|on) \S+:(?<port>\d+)")]
        private static partial Regex ListeningLine();
    }
}
