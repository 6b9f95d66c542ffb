using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Text;
using Mlops.TestKit.Running;

namespace Mlops.EndToEnd.Tests;

/// <summary>Opens pages in a browser without a window, from a server that notices when one of them runs a script.</summary>
internal sealed class BrowserSession : IDisposable
{
    /// <summary>What a browser is called.</summary>
    public static readonly IReadOnlyList<string> Programs = ["chromium", "chromium-browser", "google-chrome"];

    private readonly string _profile = Directory.CreateTempSubdirectory("mlops-browser-").FullName;
    private readonly HttpListener _listener = LocalListener.Start();
    private readonly ConcurrentQueue<string> _asked = new();
    private string _page = "";

    public BrowserSession() => _ = _listener.ServeAsync(AnswerAsync);

    /// <summary>The browser of this machine, or null.</summary>
    public static string? Program { get; } = (
        from name in Programs
        from folder in (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
        let path = Path.Combine(folder, name)
        where File.Exists(path)
        select path).FirstOrDefault();

    /// <summary>Whether the page that was opened last asked for <c>/ran</c>.</summary>
    public bool Ran => _asked.Contains("/ran");

    /// <summary>Opens a page, without the headers that forbid it to run scripts.</summary>
    /// <returns>The document as it was after two seconds.</returns>
    public async Task<string> OpenAsync(string html)
    {
        _page = html;
        _asked.Clear();
        ProcessStartInfo start = new(Program!, ["--headless=new", "--no-sandbox", "--disable-gpu", $"--user-data-dir={_profile}", "--virtual-time-budget=2000", "--dump-dom", _listener.Prefixes.Single()])
        {
            RedirectStandardOutput = true,
        };
        using Process browser = Process.Start(start)!;
        using CancellationTokenSource timeout = new(TimeSpan.FromMinutes(5));
        try
        {
            return await browser.StandardOutput.ReadToEndAsync(timeout.Token);
        }
        finally
        {
            if (!browser.HasExited)
            {
                browser.Kill(entireProcessTree: true);
            }

            // Until then it writes into its profile.
            await browser.WaitForExitAsync(CancellationToken.None);
        }
    }

    public void Dispose()
    {
        _listener.Close();
        TemporaryFolder.Delete(_profile);
    }

    private async Task AnswerAsync(HttpListenerContext http)
    {
        _asked.Enqueue(http.Request.Url!.AbsolutePath);
        http.Response.ContentType = "text/html; charset=utf-8";
        await http.Response.OutputStream.WriteAsync(Encoding.UTF8.GetBytes(_page));
        http.Response.Close();
    }
}
