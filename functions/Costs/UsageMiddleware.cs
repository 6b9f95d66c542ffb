using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Middleware;
using Mlops.Core.Costs;
using Mlops.Core.Data;
using Mlops.Storage.Costs;

namespace Mlops.Functions.Costs;

/// <summary>Meters every execution: its time, and the requests to storage that are made while it runs.</summary>
public sealed class UsageMiddleware(UsageMeter meter) : IFunctionsWorkerMiddleware
{
    private static readonly HashSet<string> _serving = ["Predict", "Explain", "V2Infer"];

    /// <inheritdoc/>
    public async Task Invoke(FunctionContext context, FunctionExecutionDelegate next)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(next);
        string trigger = context.FunctionDefinition.InputBindings.Values.Select(binding => binding.Type).FirstOrDefault(type => type.EndsWith("Trigger", StringComparison.OrdinalIgnoreCase)) ?? string.Empty;
        if (trigger.Equals("orchestrationTrigger", StringComparison.OrdinalIgnoreCase))
        {
            // An episode of an orchestrator ends where it waits, which only the engine knows.
            meter.CountExecution(string.Empty, UsageKind.Work);
            await next(context);
            return;
        }

        UsageKind kind = trigger.Equals("timerTrigger", StringComparison.OrdinalIgnoreCase) ? UsageKind.Timers : _serving.Contains(context.FunctionDefinition.Name) ? UsageKind.Serving : UsageKind.Work;
        using UsageScope scope = meter.Begin(context.GetHttpContext() is { } http ? ModelOf(http.Request.Path) : string.Empty, kind);
        bool served = false;
        try
        {
            await next(context);
            served = context.GetInvocationResult().Value is not IStatusCodeHttpResult { StatusCode: >= StatusCodes.Status400BadRequest };
        }
        finally
        {
            if (!served)
            {
                // What was refused or failed is nobody's: a name that somebody made up makes no row of its own.
                UsageScope.BelongsTo(string.Empty);
            }
        }
    }

    /// <summary>The model in a path: what follows <c>/models/</c> or <c>/data/</c>; empty when that is no model's name.</summary>
    internal static string ModelOf(PathString path)
    {
        string[] parts = (path.Value ?? string.Empty).Split('/', 5, StringSplitOptions.RemoveEmptyEntries);
        return parts.Length > 2 && (parts[1] is "models" or "data") && ModelName.TryParse(parts[2], out ModelName model, out _) ? model.Value : string.Empty;
    }
}
