namespace Mlops.Infra.Tests.Bicep;

/// <summary>A resource as an expression sees it: its id and name are known before deployment, everything else only while deploying.</summary>
/// <param name="Type">Full resource type without version.</param>
/// <param name="Name">Name, parents included, separated by slashes.</param>
internal sealed record ResourceReference(string Symbol, string Type, string Version, string Name)
{
    /// <summary>Resource id as far as it matters here.</summary>
    public string Id => $"/{Type}/{Name}";

    /// <summary>A member of the symbol.</summary>
    public object? Property(string name) => name switch
    {
        "id" => Id,
        "name" => Name[(Name.LastIndexOf('/') + 1)..],
        "type" => Type,
        _ => new Runtime($"<{Symbol}.{name}>"),
    };
}
