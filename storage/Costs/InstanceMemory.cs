using System.Globalization;

namespace Mlops.Storage.Costs;

/// <summary>Memory of an instance, which its time is billed by.</summary>
public static class InstanceMemory
{
    private const double DefaultMegabytes = 2048;

    /// <summary>Gigabytes, from the setting <c>MlopsInstanceMemoryMB</c>; 2 without it.</summary>
    public static double Gigabytes(Func<string, string?> setting)
    {
        ArgumentNullException.ThrowIfNull(setting);
        return (double.TryParse(setting("MlopsInstanceMemoryMB"), NumberStyles.None, CultureInfo.InvariantCulture, out double megabytes) && megabytes > 0 ? megabytes : DefaultMegabytes) / 1024;
    }
}
