using System.Globalization;

namespace Mlops.Functions.Access;

/// <summary>The app settings of access.</summary>
public sealed record AccessOptions
{
    /// <summary>
    /// Whether callers must say who they are. <c>MlopsAuthentication</c>, <c>on</c> (the default) or <c>off</c>; off serves this machine only
    /// and is refused in Azure.
    /// </summary>
    public bool IsOn { get; init; } = true;

    /// <summary>
    /// Whether App Service authentication stands before the app, so that <c>X-MS-CLIENT-PRINCIPAL</c> comes from it and from nobody else: it
    /// takes the header from requests that come with one. Told by the platform itself, never by a setting of ours.
    /// </summary>
    public bool TrustsPrincipalHeader { get; init; }

    /// <summary>Requests per second of one caller on one instance, twice as many at once. <c>MlopsRequestsPerSecond</c>, 200 by default.</summary>
    public int RequestsPerSecond { get; init; } = 200;

    /// <summary>Requests per second of one address that has shown no valid token, twice as many at once. <c>MlopsAnonymousRequestsPerSecond</c>, 20 by default.</summary>
    public int AnonymousRequestsPerSecond { get; init; } = 20;

    /// <summary>Reads the settings.</summary>
    /// <param name="setting">Reads one setting by name, null when absent.</param>
    /// <exception cref="InvalidOperationException">A setting has no valid value, or authentication is off in Azure.</exception>
    public static AccessOptions Read(Func<string, string?> setting)
    {
        ArgumentNullException.ThrowIfNull(setting);

        // Which variables tell where the app runs is read from the Functions host (EnvironmentExtensions.IsAppService, GetRuntimeSiteName, IsEasyAuthEnabled).
        bool inAzure = !string.IsNullOrEmpty(setting("WEBSITE_INSTANCE_ID")) || !string.IsNullOrEmpty(setting("WEBSITE_SITE_NAME"));
        bool isOn = setting("MlopsAuthentication") switch
        {
            null or "" or "on" => true,
            "off" when !inAzure => false,
            "off" => throw new InvalidOperationException("The setting 'MlopsAuthentication' is 'off', and the app runs in Azure, where anybody could reach it. Remove the setting, or set it to 'on'."),
            var other => throw new InvalidOperationException($"The setting 'MlopsAuthentication' is '{other}'; expected 'on' or 'off'."),
        };
        AccessOptions defaults = new();
        return new AccessOptions
        {
            IsOn = isOn,
            TrustsPrincipalHeader = inAzure && bool.TryParse(setting("WEBSITE_AUTH_ENABLED"), out bool enabled) && enabled,
            RequestsPerSecond = Rate("MlopsRequestsPerSecond", setting("MlopsRequestsPerSecond"), defaults.RequestsPerSecond),
            AnonymousRequestsPerSecond = Rate("MlopsAnonymousRequestsPerSecond", setting("MlopsAnonymousRequestsPerSecond"), defaults.AnonymousRequestsPerSecond),
        };
    }

    private static int Rate(string name, string? text, int fallback) =>
        string.IsNullOrEmpty(text) ? fallback
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int rate) && rate is >= 1 and <= 1_000_000 ? rate
        : throw new InvalidOperationException($"The setting '{name}' is '{text}'; expected a number of requests per second from 1 to 1000000.");
}
