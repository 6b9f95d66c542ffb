using Mlops.Local.Hosting;

namespace Mlops.Local.Tests.Hosting;

public sealed class LocalOptionsTests
{
    // Chosen, let go and bound again by the server, the port sometimes went to another program in between.
    [Fact]
    public void BindPort_OfAFreePort_KeepsItFromThenOn()
    {
        var options = new LocalOptions { Port = 0 }.BindPort();
        using var listener = options.Listener;

        var taken = Assert.Throws<ArgumentException>(() => new LocalOptions { Port = options.Port }.BindPort());

        Assert.Contains($"Port {options.Port} is in use", taken.Message, StringComparison.Ordinal);
    }
}
