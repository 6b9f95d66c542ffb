using Azure.Data.Tables;

namespace Mlops.Storage.Lineage;

/// <summary>What came from what: every edge is stored under both of its ends, so that it can be walked both ways.</summary>
public sealed class LineageStore(StorageConnection connection)
{
    private readonly TableClient _table = connection.Table(StorageNames.LineageTable);

    /// <summary>Stores edges; storing one again changes nothing.</summary>
    public async Task AddAsync(IEnumerable<LineageEdge> edges, CancellationToken cancellationToken)
    {
        foreach (LineageEdge edge in edges)
        {
            await _table.UpsertEntityAsync(TableExtensions.Row(Key(edge.From), $"out-{edge.Relation}-{Key(edge.To)}", edge), TableUpdateMode.Replace, cancellationToken);
            await _table.UpsertEntityAsync(TableExtensions.Row(Key(edge.To), $"in-{edge.Relation}-{Key(edge.From)}", edge), TableUpdateMode.Replace, cancellationToken);
        }
    }

    /// <summary>All edges reached from a node, backwards to its origins and forwards to what came of it; at most <paramref name="limit"/> of them.</summary>
    public async Task<IReadOnlyList<LineageEdge>> WalkAsync(string id, int limit, CancellationToken cancellationToken)
    {
        HashSet<LineageEdge> edges = [];
        await WalkAsync(id, "in-", edge => edge.From, edges, limit, cancellationToken);
        await WalkAsync(id, "out-", edge => edge.To, edges, limit, cancellationToken);
        return [.. edges];
    }

    // A table key holds no slash; a file's name holds no bar.
    private static string Key(string id) => id.Replace('/', '|');

    private async Task WalkAsync(string start, string direction, Func<LineageEdge, string> next, HashSet<LineageEdge> edges, int limit, CancellationToken cancellationToken)
    {
        HashSet<string> seen = [start];
        Queue<string> open = new([start]);
        while (open.TryDequeue(out string? id) && edges.Count < limit)
        {
            await foreach (TableEntity row in _table.WithPrefixAsync(Key(id), direction, cancellationToken))
            {
                LineageEdge edge = row.Read<LineageEdge>();
                edges.Add(edge);
                if (seen.Add(next(edge)))
                {
                    open.Enqueue(next(edge));
                }

                if (edges.Count >= limit)
                {
                    return;
                }
            }
        }
    }
}

/// <summary>One edge of the lineage: <paramref name="To"/> came from <paramref name="From"/>.</summary>
/// <param name="From">The id of the origin: a file, dataset version, run, model version or pipeline.</param>
/// <param name="Relation">How: <c>became</c>, <c>trained</c>, <c>registered</c>, <c>started</c>.</param>
/// <param name="To">The id of what came of it.</param>
public sealed record LineageEdge(string From, string Relation, string To);
