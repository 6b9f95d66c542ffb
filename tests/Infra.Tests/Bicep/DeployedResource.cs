namespace Mlops.Infra.Tests.Bicep;

/// <summary>A resource that a deployment with given parameters would create or change.</summary>
/// <param name="Type">Full type without version.</param>
/// <param name="Version">API version.</param>
/// <param name="Name">Name, parents included, separated by slashes.</param>
/// <param name="Scope">Id of the resource that it extends (a role assignment's scope), or null.</param>
/// <param name="Body">All properties of the declaration, evaluated.</param>
/// <param name="Where">Where it is declared.</param>
internal sealed record DeployedResource(string Type, string Version, string Name, string? Scope, IReadOnlyDictionary<string, object?> Body, string Where)
{
    /// <summary>The value at a path of property names and list indices ("properties.sku.name"), or null where the path ends early.</summary>
    public object? At(string path)
    {
        object? value = Body;
        foreach (var step in path.Split('.'))
        {
            value = value switch
            {
                IReadOnlyDictionary<string, object?> map => map.GetValueOrDefault(step),
                IReadOnlyList<object?> list when int.TryParse(step, out var i) && i < list.Count => list[i],
                _ => null,
            };
        }

        return value;
    }
}
