namespace Mlops.Functions.Tests.Boundaries;

/// <summary>The direction of the layers: core names nothing of ours and no Azure; storage names core; functions name both and no storage client.</summary>
public sealed class LayerTests
{
    private static readonly string[] s_storageClients = ["Azure.Storage.", "Azure.Data.Tables.", "Azure.Messaging.EventGrid."];

    [Fact]
    public void Core_References_AreNeitherOursNorAzure() =>
        Assert.DoesNotContain(CompiledAssembly.Read("Mlops.Core").Assemblies, name => StartsWithAny(name, "Mlops.", "Azure.", "Microsoft.Azure.", "Microsoft.DurableTask", "Microsoft.AspNetCore", "Microsoft.ML.OnnxRuntime", "Microsoft.Extensions."));

    [Fact]
    public void Core_Types_DoNoInput()
    {
        var forbidden = new[] { "System.IO.File", "System.IO.Directory", "System.IO.FileStream", "System.Console", "System.Net.Http.HttpClient", "System.Net.Sockets.Socket", "System.Diagnostics.Process" };
        Assert.Empty(CompiledAssembly.Read("Mlops.Core").Types.Intersect(forbidden));
    }

    [Fact]
    public void Storage_References_AreCoreAndStorageClients()
    {
        var storage = CompiledAssembly.Read("Mlops.Storage").Assemblies;
        Assert.Empty(storage.Where(name => name.StartsWith("Mlops.", StringComparison.Ordinal)).Except(["Mlops.Core"]));
        Assert.DoesNotContain(storage, name => StartsWithAny(name, "Microsoft.Azure.Functions", "Microsoft.DurableTask", "Microsoft.AspNetCore", "Microsoft.ML.OnnxRuntime"));
    }

    [Fact]
    public void Functions_References_AreCoreAndStorage() =>
        Assert.Empty(CompiledAssembly.Read("Mlops.Functions").Assemblies.Where(name => name.StartsWith("Mlops.", StringComparison.Ordinal)).Except(["Mlops.Core", "Mlops.Storage"]));

    [Fact]
    public void Functions_Types_NameNoStorageClient() =>
        Assert.DoesNotContain(CompiledAssembly.Read("Mlops.Functions").Types, type => StartsWithAny(type, s_storageClients));

    [Fact]
    public void Storage_Types_NameStorageClients() =>
        // The counter-proof: what must not be found in functions/ is found where it belongs.
        Assert.All(s_storageClients, client => Assert.Contains(CompiledAssembly.Read("Mlops.Storage").Types, type => type.StartsWith(client, StringComparison.Ordinal)));

    private static bool StartsWithAny(string text, params IReadOnlyList<string> prefixes) => prefixes.Any(prefix => text.StartsWith(prefix, StringComparison.Ordinal));
}
