using System.Globalization;
using Azure.Data.Tables;
using Mlops.Core.Retraining;

namespace Mlops.Storage.Retraining;

/// <summary>The governor's memory and its decisions, one partition a model. State changes only by the ETag it was read with.</summary>
public sealed class RetrainingStore(StorageConnection connection)
{
    private const string Accepted = nameof(Accepted);
    private const string Refused = nameof(Refused);
    private readonly TableClient _table = connection.Table(StorageNames.RetrainingTable);

    /// <summary>The decision on a request, or null when it was not decided yet.</summary>
    public async Task<RetrainingDecision?> FindAsync(string model, string requestId, CancellationToken cancellationToken) =>
        (await _table.FindAsync(model, RequestKey(requestId), cancellationToken))?.Read<RetrainingDecision>();

    /// <summary>
    /// Commits a decision with the governor's new state, both or neither. Returns false when the state has changed since
    /// <paramref name="state"/> was read, or the request was decided by another.
    /// </summary>
    public async Task<bool> TryCommitAsync(GovernorSnapshot state, GovernorState next, RetrainingDecision decision, CancellationToken cancellationToken)
    {
        string model = decision.Request.Model;
        TableEntity stateRow = TableExtensions.Row(model, "state", next);
        stateRow[Accepted] = state.Accepted + (decision.Accepted ? 1 : 0);
        stateRow[Refused] = state.Refused + (decision.Accepted ? 0 : 1);
        List<TableTransactionAction> actions =
        [
            state.ETag is null ? new(TableTransactionActionType.Add, stateRow) : new(TableTransactionActionType.UpdateReplace, stateRow, new Azure.ETag(state.ETag)),
            new(TableTransactionActionType.Add, TableExtensions.Row(model, RequestKey(decision.Request.Id), decision)),
            new(TableTransactionActionType.Add, TableExtensions.Row(model, string.Create(CultureInfo.InvariantCulture, $"log-{DateTimeOffset.MaxValue.Ticks - decision.Time.UtcTicks:D19}-{decision.Request.Id}"), decision)),
        ];
        try
        {
            await _table.SubmitTransactionAsync(actions, cancellationToken);
            return true;
        }
        catch (Azure.RequestFailedException exception) when (exception.Status is 409 or 412)
        {
            return false;
        }
    }

    /// <summary>The governor's state of a model.</summary>
    public async Task<GovernorSnapshot> ReadStateAsync(string model, CancellationToken cancellationToken) =>
        await _table.FindAsync(model, "state", cancellationToken) is { } row
            ? new GovernorSnapshot(row.Read<GovernorState>(), row.ETag.ToString(), row.GetInt64(Accepted) ?? 0, row.GetInt64(Refused) ?? 0)
            : new GovernorSnapshot(GovernorState.Initial, null);

    /// <summary>The newest decisions of a model.</summary>
    public async Task<IReadOnlyList<RetrainingDecision>> ListAsync(string model, int limit, CancellationToken cancellationToken)
    {
        List<RetrainingDecision> found = [];
        await foreach (TableEntity row in _table.WithPrefixAsync(model, "log-", cancellationToken))
        {
            found.Add(row.Read<RetrainingDecision>());
            if (found.Count == limit)
            {
                break;
            }
        }

        return found;
    }

    private static string RequestKey(string id) => $"request-{id}";
}

/// <summary>The governor's state with the version it was read at.</summary>
/// <param name="State">The state.</param>
/// <param name="ETag">Its row's ETag, or null when there is no row yet.</param>
/// <param name="Accepted">Requests accepted so far.</param>
/// <param name="Refused">Requests refused so far.</param>
public sealed record GovernorSnapshot(GovernorState State, string? ETag, long Accepted = 0, long Refused = 0);

/// <summary>A request with the governor's answer.</summary>
/// <param name="Request">The request.</param>
/// <param name="Accepted">Whether a pipeline was started.</param>
/// <param name="Reason">Why, or why not.</param>
/// <param name="Pipeline">The pipeline's id when accepted.</param>
/// <param name="Time">When it was decided.</param>
public sealed record RetrainingDecision(RetrainingRequest Request, bool Accepted, string Reason, string? Pipeline, DateTimeOffset Time);
