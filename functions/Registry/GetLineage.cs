using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Mlops.Core.Access;
using Mlops.Functions.Access;
using Mlops.Functions.Hosting;
using Mlops.Storage.Feedback;
using Mlops.Storage.Inference;
using Mlops.Storage.Lineage;

namespace Mlops.Functions.Registry;

/// <summary>
/// <c>GET /api/lineage/{id}</c>: where something came from and what came of it. The id is that of a prediction, a model version
/// (<c>{model}@{number}</c>), a run, a dataset version, a pipeline, or a file (<c>file:data/…</c>).
/// </summary>
public sealed class GetLineage(LineageStore lineage, PredictionLog predictions, FeedbackStore feedback)
{
    private const int MaximumEdges = 500;

    [Function(nameof(GetLineage))]
    [RequireRole(Role.Reader, ChecksModels = true)]
    public async Task<IResult> Run([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/lineage/{*id}")] HttpRequest request, string id, CancellationToken cancellationToken)
    {
        if (string.IsNullOrEmpty(id) || id.Length > 300 || id.Any(character => !char.IsAsciiLetterOrDigit(character) && "-_.@:/".IndexOf(character, StringComparison.Ordinal) < 0))
        {
            return Api.BadRequest("The id must be 1 to 300 letters, digits and -_.@:/; expected the id of a prediction, model version, run, dataset version, pipeline or file.");
        }

        if (!PredictionId.TryParse(id, out PredictionId? prediction))
        {
            IReadOnlyList<LineageEdge> edges = await lineage.WalkAsync(id, MaximumEdges, cancellationToken);
            return edges.Count == 0 || !LineageIds.IsReached(edges, request.Caller()) ? Api.NotFound("Nothing is known under that id.") : Api.Json(new { id, edges });
        }

        PredictionRecord? record = request.Caller().Reaches(prediction.Model) ? await predictions.FindAsync(prediction, cancellationToken) : null;
        if (record is null)
        {
            return Api.NotFound("There is no such prediction in the log. A new one appears within five seconds.");
        }

        string version = LineageIds.Version(prediction.Model, prediction.Version);
        IEnumerable<LineageEdge> walked = await lineage.WalkAsync(version, MaximumEdges, cancellationToken);
        return Api.Json(new
        {
            id,
            prediction = record,
            label = await feedback.FindAsync(prediction, cancellationToken),
            edges = walked.Append(new LineageEdge(version, "predicted", id)),
        });
    }
}
