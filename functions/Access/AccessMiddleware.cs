using System.Collections.Concurrent;
using System.Reflection;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Middleware;

namespace Mlops.Functions.Access;

/// <summary>Lets no HTTP request reach its function unless the caller has the role that the function names. Other triggers pass.</summary>
internal sealed class AccessMiddleware(AccessGuard guard) : IFunctionsWorkerMiddleware
{
    private readonly ConcurrentDictionary<string, RequireRoleAttribute?> _rules = new(StringComparer.Ordinal);

    public Task Invoke(FunctionContext context, FunctionExecutionDelegate next)
    {
        string function = context.FunctionDefinition.EntryPoint;
        return (context.GetHttpContext(), _rules.GetOrAdd(function, Find)) switch
        {
            (null, null) => next(context),
            ({ } http, { } rule) => GuardAsync(context, http, rule, next),
            (_, null) => throw new InvalidOperationException($"The HTTP function '{function}' names no role. Add [RequireRole(Role.…)] to its method."),

            // Without the request nobody can say who asks, and letting it pass would let everybody in.
            _ => throw new InvalidOperationException($"The HTTP function '{function}' is run without its request. Call ConfigureFunctionsWebApplication() in Program.cs before any middleware is added."),
        };
    }

    private async Task GuardAsync(FunctionContext context, HttpContext http, RequireRoleAttribute rule, FunctionExecutionDelegate next)
    {
        if (await guard.RefuseAsync(http, rule, context.FunctionDefinition.Name, context.CancellationToken) is { } refusal)
        {
            context.GetInvocationResult().Value = refusal;
            return;
        }

        await next(context);
    }

    // An entry point is the full name of a method of this app.
    private static RequireRoleAttribute? Find(string entryPoint)
    {
        int dot = entryPoint.LastIndexOf('.');
        return typeof(AccessMiddleware).Assembly.GetType(entryPoint[..dot])?.GetMethods()
            .Where(method => method.Name == entryPoint[(dot + 1)..])
            .Select(method => method.GetCustomAttribute<RequireRoleAttribute>())
            .FirstOrDefault(rule => rule is not null);
    }
}
