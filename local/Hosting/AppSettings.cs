using System.Text.RegularExpressions;
using Microsoft.Extensions.Configuration;

namespace Mlops.Local.Hosting;

/// <summary>The app's settings, as bindings refer to them.</summary>
internal sealed partial class AppSettings(IConfiguration configuration)
{
    /// <summary>Replaces every <c>%Name%</c> by the setting's value.</summary>
    /// <exception cref="InvalidOperationException">A setting does not exist.</exception>
    public string Resolve(string text, string where) => Reference().Replace(text, match =>
        configuration[Key(match.Groups[1].Value)] is { Length: > 0 } value
            ? value
            : throw new InvalidOperationException($"{where}: the setting '{match.Groups[1].Value}' in \"{text}\" does not exist. Set it as an environment variable or app setting."));

    /// <summary>A setting; null when it does not exist.</summary>
    public string? Find(string name) => configuration[Key(name)];

    /// <summary>The section of a connection: <c>AzureWebJobs&lt;name&gt;</c> goes before <c>&lt;name&gt;</c>, and that before a connection string of the name.</summary>
    public IConfigurationSection? Connection(string name) =>
        new[] { "AzureWebJobs" + Key(name), Key(name), "ConnectionStrings:" + Key(name) }.Select(configuration.GetSection).FirstOrDefault(s => s.Exists());

    private static string Key(string name) => name.Replace("__", ":", StringComparison.Ordinal);

    [GeneratedRegex("%([^%]+)%")]
    private static partial Regex Reference();
}
