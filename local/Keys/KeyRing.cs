using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Mlops.Local.Hosting;

namespace Mlops.Local.Keys;

/// <summary>The app's keys: master, host, one per function, system keys of extensions and the topic's key. Made once, kept in <c>keys.json</c> of the data folder.</summary>
internal sealed class KeyRing
{
    private readonly ConcurrentDictionary<string, string> _keys;
    private readonly Lock _writing = new();
    private readonly bool _enforced;

    public KeyRing(LocalOptions options)
    {
        _enforced = options.EnforceKeys;
        File = Path.Combine(options.DataDirectory, "keys.json");
        _keys = new(System.IO.File.Exists(File) ? JsonSerializer.Deserialize<Dictionary<string, string>>(System.IO.File.ReadAllText(File))! : []);
        _ = (Master, Host);
    }

    /// <summary>Where the keys are kept.</summary>
    public string File { get; }

    /// <summary>Opens everything.</summary>
    public string Master => Key("master");

    /// <summary>Opens every function of level <see cref="AuthorizationLevel.Function"/>.</summary>
    public string Host => Key("host/default");

    /// <summary>Opens one function.</summary>
    public string Function(string name) => Key($"functions/{name.ToLowerInvariant()}");

    /// <summary>Opens the webhooks of an extension, such as <c>eventgrid_extension</c>.</summary>
    public string Extension(string name) => Key($"system/{name}");

    /// <summary>The access key of an Event Grid topic.</summary>
    public string Topic(string name) => Key($"topics/{name.ToLowerInvariant()}");

    /// <summary>Whether a request shows a key that the level asks for, in <c>x-functions-key</c> or <c>?code=</c>. Always true where keys are off.</summary>
    public bool Allows(HttpRequest request, AuthorizationLevel level, string? function = null, string? systemKey = null)
    {
        if (!_enforced || level is AuthorizationLevel.Anonymous or AuthorizationLevel.User)
        {
            return true;
        }

        var shown = request.Headers.TryGetValue("x-functions-key", out var header) ? header.ToString() : request.Query["code"].ToString();
        return Same(shown, Master)
            || (level == AuthorizationLevel.Function && (Same(shown, Host) || (function is not null && Same(shown, Function(function)))))
            || (level == AuthorizationLevel.System && systemKey is not null && Same(shown, Extension(systemKey)));
    }

    /// <summary>Compares in constant time.</summary>
    public static bool Same(string shown, string key) => CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(shown), Encoding.UTF8.GetBytes(key));

    private string Key(string name)
    {
        if (_keys.TryGetValue(name, out var known))
        {
            return known;
        }

        lock (_writing)
        {
            var key = _keys.GetOrAdd(name, _ => Convert.ToBase64String(RandomNumberGenerator.GetBytes(32)));
            Directory.CreateDirectory(Path.GetDirectoryName(File)!);
            var temporary = File + ".tmp";
            System.IO.File.WriteAllText(temporary, JsonSerializer.Serialize(new SortedDictionary<string, string>(_keys), new JsonSerializerOptions { WriteIndented = true }));
            if (!OperatingSystem.IsWindows())
            {
                System.IO.File.SetUnixFileMode(temporary, UnixFileMode.UserRead | UnixFileMode.UserWrite);
            }

            System.IO.File.Move(temporary, File, overwrite: true);
            return key;
        }
    }
}
