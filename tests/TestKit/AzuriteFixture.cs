using Mlops.Azurite;
using Xunit;

namespace Mlops.TestKit;

/// <summary>One Azurite for all tests of an assembly, in memory and on free ports: put <c>[assembly: AssemblyFixture(typeof(AzuriteFixture))]</c>
/// into the assembly and take the fixture as a constructor parameter. Each test uses its own names, see <see cref="TestNames"/>.</summary>
public sealed class AzuriteFixture : IAsyncLifetime
{
    private AzuriteProcess? _azurite;

    /// <summary>What storage clients take.</summary>
    public string ConnectionString => Running.ConnectionString;

    /// <summary>The running Azurite.</summary>
    public AzuriteProcess Running => _azurite ?? throw new InvalidOperationException("Azurite has not been started; xunit starts it when the fixture is registered with [assembly: AssemblyFixture(typeof(AzuriteFixture))].");

    /// <inheritdoc/>
    public async ValueTask InitializeAsync() => _azurite = await AzuriteProcess.StartAsync();

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_azurite is not null)
        {
            await _azurite.DisposeAsync();
        }
    }
}
