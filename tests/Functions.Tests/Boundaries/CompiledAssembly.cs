using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace Mlops.Functions.Tests.Boundaries;

/// <summary>What a compiled assembly names, read from its metadata without loading it: signatures and method bodies alike refer to other types through these tables.</summary>
internal sealed class CompiledAssembly
{
    private CompiledAssembly(IReadOnlyList<string> assemblies, IReadOnlyList<string> types)
    {
        Assemblies = assemblies;
        Types = types;
    }

    /// <summary>The simple names of the referenced assemblies.</summary>
    internal IReadOnlyList<string> Assemblies { get; }

    /// <summary>The full names of the referenced types.</summary>
    internal IReadOnlyList<string> Types { get; }

    /// <summary>An assembly beside the tests.</summary>
    internal static CompiledAssembly Read(string name)
    {
        using var file = File.OpenRead(Path.Combine(AppContext.BaseDirectory, name + ".dll"));
        using var image = new PEReader(file);
        var metadata = image.GetMetadataReader();
        return new CompiledAssembly(
            [.. metadata.AssemblyReferences.Select(handle => metadata.GetString(metadata.GetAssemblyReference(handle).Name))],
            [.. metadata.TypeReferences.Select(handle => metadata.GetTypeReference(handle)).Select(type => $"{metadata.GetString(type.Namespace)}.{metadata.GetString(type.Name)}")]);
    }
}
