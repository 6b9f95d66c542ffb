using System.Collections.Concurrent;
using System.Reflection;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Middleware;

namespace Mlops.Functions.Access;

/// <summary>Lets no HTTP request reach its function unless the caller has the role that the function names. Other triggers pass.</summary>
internal sealed class AccessMiddleware(AccessGuard guard) : IFunctionsWorkerMiddleware
{
    private readonly ConcurrentDictionary<string, RequireRoleAttribute> _rules = new(StringComparer.Ordinal);

    public Task Invoke(FunctionContext context, FunctionExecutionDelegate next) => context.GetHttpContext() is { } http ? GuardAsync(context, http, next) : next(context);

    private async Task GuardAsync(FunctionContext context, HttpContext http, FunctionExecutionDelegate next)
    {
        RequireRoleAttribute rule = _rules.GetOrAdd(context.FunctionDefinition.EntryPoint, Find);
        if (await guard.RefuseAsync(http, rule, context.FunctionDefinition.Name, context.CancellationToken) is { } refusal)
        {
            context.GetInvocationResult().Value = refusal;
            return;
        }

        await next(context);
    }

    // An entry point is the full name of a method of this app.
    private static RequireRoleAttribute Find(string entryPoint)
    {
        int dot = entryPoint.LastIndexOf('.');
        return typeof(AccessMiddleware).Assembly.GetType(entryPoint[..dot])?.GetMethod(entryPoint[(dot + 1)..])?.GetCustomAttribute<RequireRoleAttribute>()
            ?? throw new InvalidOperationException($"The HTTP function '{entryPoint}' names no role. Add [RequireRole(Role.…)] to its method.");
    }
}
