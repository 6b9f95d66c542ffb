using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Mlops.Core.Access;
using Mlops.Functions.Access;
using Mlops.Functions.Hosting;
using Mlops.Storage.Runs;

namespace Mlops.Functions.Training;

/// <summary><c>GET /api/runs/{id}</c>: a tracked run with its parameters, results and metric points; of a search, its trials.</summary>
public sealed class GetRun(RunStore runs)
{
    /// <summary>A run in a list: what tells it from the others.</summary>
    public static object Summary(RunRecord run) => new { run.Id, run.Status, run.Trainer, run.Parameters, run.Metrics, run.Resumed, run.Error };

    [Function(nameof(GetRun))]
    [RequireRole(Role.Reader, ChecksModels = true)]
    public async Task<IResult> Run([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/runs/{id}")] HttpRequest request, string id, CancellationToken cancellationToken)
    {
        if (!PipelineIds.IsValid(id) || await runs.FindAsync(id, cancellationToken) is not { } run || !request.Caller().Reaches(run.Model))
        {
            return Api.NotFound("There is no run of that id. GET /api/models/{name} shows the run of each version.");
        }

        IReadOnlyList<RunRecord> children = await runs.ReadChildrenAsync(id, cancellationToken);
        return Api.Json(new { run, points = await runs.ReadMetricsAsync(id, cancellationToken), children = children.Select(Summary) });
    }
}
