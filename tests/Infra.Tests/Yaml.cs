using YamlDotNet.RepresentationModel;

namespace Mlops.Infra.Tests;

/// <summary>Reads YAML files of the repository.</summary>
internal static class Yaml
{
    /// <summary>The one document of a file.</summary>
    public static YamlNode Load(string path)
    {
        var stream = new YamlStream();
        using var reader = new StringReader(Repository.Read(path));
        stream.Load(reader);
        return Assert.Single(stream.Documents).RootNode;
    }

    /// <summary>Child of a mapping, or null.</summary>
    public static YamlNode? Find(this YamlNode node, string key) => node is YamlMappingNode mapping && mapping.Children.TryGetValue(new YamlScalarNode(key), out var value) ? value : null;

    /// <summary>Every scalar below a node.</summary>
    public static IEnumerable<string> Scalars(this YamlNode node) => node.AllNodes.OfType<YamlScalarNode>().Select(scalar => scalar.Value ?? "");
}
