using Microsoft.AspNetCore.Routing;

namespace Mlops.Local.Hosting;

/// <summary>Adds HTTP endpoints to the host. Taken from the host's services.</summary>
internal interface IEndpointContributor
{
    /// <summary>Maps the endpoints.</summary>
    void Map(IEndpointRouteBuilder routes);
}
