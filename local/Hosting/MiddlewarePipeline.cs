using Microsoft.Azure.Functions.Worker.Middleware;

namespace Mlops.Local.Hosting;

/// <summary>The app's middleware, in the order added, around the function itself.</summary>
internal sealed class MiddlewarePipeline(IReadOnlyList<Func<FunctionExecutionDelegate, FunctionExecutionDelegate>> middleware)
{
    public FunctionExecutionDelegate Around(FunctionExecutionDelegate function) =>
        middleware.Reverse().Aggregate(function, (next, step) => step(next));
}
