using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Mlops.Core.Access;
using Mlops.Functions.Access;
using Mlops.Functions.Hosting;
using Mlops.Storage.Pipelines;
using Mlops.Storage.Runs;

namespace Mlops.Functions.Training;

/// <summary><c>GET /api/pipelines/{id}</c>: a pipeline step by step with its runs, while it runs and after; as a page with <c>format=html</c>.</summary>
public sealed class GetPipeline(PipelineStore pipelines, RunStore runs)
{
    [Function(nameof(GetPipeline))]
    [RequireRole(Role.Reader, ChecksModels = true)]
    public async Task<IResult> Run([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/pipelines/{id}")] HttpRequest request, string id, CancellationToken cancellationToken)
    {
        if (!PipelineIds.IsValid(id) || await pipelines.FindAsync(id, cancellationToken) is not { } pipeline || !request.Caller().Reaches(pipeline.Model))
        {
            return Api.NotFound("There is no pipeline of that id. GET /api/models/{name} lists the newest of a model.");
        }

        PipelineResult? outcome = await pipelines.FindOutcomeAsync(id, cancellationToken);
        string? actor = await pipelines.FindActorAsync(id, cancellationToken);
        IReadOnlyList<PipelineStep> steps = await pipelines.ReadStepsAsync(id, cancellationToken);
        IReadOnlyList<RunRecord> children = await runs.ReadChildrenAsync(id, cancellationToken);
        return request.Query["format"] == "html"
            ? Api.Page(PipelinePage.Render(pipeline, actor, outcome, steps, children))
            : Api.Json(new
            {
                pipeline.Id,
                pipeline.Model,
                pipeline.Trigger,
                pipeline.Source,
                pipeline.Created,
                actor,
                status = outcome?.Status ?? "running",
                outcome?.Reason,
                outcome?.Version,
                ended = outcome?.Time,
                steps,
                runs = children.Select(GetRun.Summary),
            });
    }
}
