using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Mlops.Core.Access;
using Mlops.Core.Data;
using Mlops.Core.Evaluation;
using Mlops.Core.Registry;
using Mlops.Functions.Access;
using Mlops.Functions.Evaluation;
using Mlops.Functions.Hosting;
using Mlops.Functions.Training;
using Mlops.Storage.Datasets;
using Mlops.Storage.Monitoring;
using Mlops.Storage.Pipelines;
using Mlops.Storage.Registry;
using Mlops.Storage.Runs;

namespace Mlops.Functions.Registry;

/// <summary><c>GET /api/models</c>, <c>/api/models/{name}</c> and <c>/api/models/{name}/ledger</c>: what there is, who serves, and how it came about; the first two as pages with <c>format=html</c>.</summary>
public sealed class GetModels(RegistryStore registry, DriftStore drift, PipelineStore pipelines, DatasetStore datasets, RunStore runs)
{
    [Function("ListModels")]
    [RequireRole(Role.Reader, ChecksModels = true)]
    public async Task<IResult> List([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/models")] HttpRequest request, CancellationToken cancellationToken)
    {
        List<ModelRecord> models = [];
        foreach (string name in (await registry.ListModelsAsync(cancellationToken)).Where(request.Caller().Reaches))
        {
            models.Add(await registry.ReadAsync(name, cancellationToken));
        }

        return request.Query["format"] == "html"
            ? Api.Page(ModelListPage.Render(models))
            : Api.Json(models.Select(model => new { name = model.Model, versions = model.Versions.Count, aliases = model.Aliases, traffic = model.Traffic }));
    }

    [Function("GetModel")]
    [RequireRole(Role.Reader)]
    public async Task<IResult> Get([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/models/{name}")] HttpRequest request, string name, CancellationToken cancellationToken)
    {
        if (!Api.TryModel(name, out ModelName model, out IResult problem))
        {
            return problem;
        }

        if (!await registry.ExistsAsync(model.Value, cancellationToken))
        {
            return Api.UnknownModel(model);
        }

        ModelRecord record = await registry.ReadAsync(model.Value, cancellationToken);
        ModelView view = new(
            model.Value,
            record.Aliases,
            record.Traffic,
            record.ChampionSince,
            record.Versions,
            await FindAsync<ModelExplanation>(record, ExportWinner.ExplanationArtifact, cancellationToken),
            await FindAsync<EvaluationReport>(record, EvaluationReport.Artifact, cancellationToken),
            await FindAsync<SearchReport>(record, SearchReport.Artifact, cancellationToken),
            (await drift.ListAsync(model.Value, 1, cancellationToken)).FirstOrDefault(),
            await datasets.ListAsync(model.Value, cancellationToken),
            await pipelines.ListAsync(model.Value, 20, cancellationToken));
        return request.Query["format"] == "html" ? Api.Page(ModelPage.Render(view)) : Api.Json(view);
    }

    /// <summary>An artifact of the pipeline that made the champion; null without a champion, or when that pipeline made none.</summary>
    private async Task<T?> FindAsync<T>(ModelRecord record, Func<string, string, string> artifact, CancellationToken cancellationToken)
        where T : class =>
        record.Traffic is { } traffic && record.Find(traffic.Champion) is { } champion
            ? await runs.FindArtifactAsync<T>(artifact(record.Model, champion.Pipeline), cancellationToken)
            : null;

    [Function("GetLedger")]
    [RequireRole(Role.Reader)]
    public async Task<IResult> Ledger([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/models/{name}/ledger")] HttpRequest request, string name, CancellationToken cancellationToken)
    {
        if (!Api.TryModel(name, out ModelName model, out IResult problem))
        {
            return problem;
        }

        IReadOnlyList<LedgerEntry> entries = await registry.ReadLedgerAsync(model.Value, cancellationToken);
        if (entries.Count == 0 && !await registry.ExistsAsync(model.Value, cancellationToken))
        {
            return Api.UnknownModel(model);
        }

        return Api.Json(new { entries, brokenAt = LedgerEntry.FindBreak(entries) });
    }
}
