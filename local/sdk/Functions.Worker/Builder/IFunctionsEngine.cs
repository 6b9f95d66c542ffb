using Microsoft.AspNetCore.Builder;
using Microsoft.Azure.Functions.Worker.Middleware;
using Microsoft.Extensions.Hosting;

namespace Microsoft.Azure.Functions.Worker.Builder;

/// <summary>Runs the functions of the app that is being built: what the real worker reaches over gRPC, the embedded host contributes here.</summary>
internal interface IFunctionsEngine
{
    /// <summary>Prepares a new builder, before the app adds to it.</summary>
    void Prepare(WebApplicationBuilder builder);

    /// <summary>Builds the host that listens and invokes.</summary>
    IHost Build(WebApplicationBuilder builder, IReadOnlyList<Func<FunctionExecutionDelegate, FunctionExecutionDelegate>> middleware);
}
