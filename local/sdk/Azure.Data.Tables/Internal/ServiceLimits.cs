#nullable enable
using Azure.Data.Tables.Models;

namespace Azure.Data.Tables;

/// <summary>Limits of the service that Azurite does not keep, or not well. Refusing here what Azure refuses keeps code that runs locally running there.</summary>
internal static class ServiceLimits
{
    private const int MaxProperties = 252;
    private const int MaxActions = 100;
    private static readonly DateTime s_firstDate = new(1601, 1, 1, 0, 0, 0, DateTimeKind.Utc);

    /// <exception cref="RequestFailedException">400, with the service's error code.</exception>
    internal static void Check(ITableEntity entity)
    {
        if (Violation(entity) is var (code, text))
        {
            throw Refusal(code, text);
        }
    }

    /// <exception cref="TableTransactionFailedException">400, with the service's error code and the action's index.</exception>
    internal static void Check(IReadOnlyList<EntityWrite> writes)
    {
        // Azurite refuses too many, but in a body that is not well formed.
        if (writes.Count > MaxActions)
        {
            throw new TableTransactionFailedException(Refusal(TableErrorCode.InvalidInput, $"{MaxActions}:found {writes.Count} actions; a transaction holds at most {MaxActions}."));
        }

        for (var i = 0; i < writes.Count; i++)
        {
            var found = writes[i].Entity.PartitionKey != writes[0].Entity.PartitionKey
                ? (TableErrorCode.CommandsInBatchActOnDifferentPartitions, $"found partition '{writes[i].Entity.PartitionKey}' after '{writes[0].Entity.PartitionKey}'; all actions of a transaction must be of one partition.")
                : Violation(writes[i].Entity);
            if (found is var (code, text))
            {
                throw new TableTransactionFailedException(Refusal(code, $"{i}:{text}"));
            }
        }
    }

    private static (TableErrorCode Code, string Text)? Violation(ITableEntity entity)
    {
        var values = EntityJson.Values(entity).Where(v => v.Value is not null && v.Key is not (EntityJson.PartitionKey or EntityJson.RowKey or EntityJson.Timestamp or EntityJson.ETag)).ToList();
        if (values.Count > MaxProperties)
        {
            return (TableErrorCode.TooManyProperties, $"found {values.Count} properties; an entity holds at most {MaxProperties} besides its keys and timestamp.");
        }

        foreach (var (name, value) in values)
        {
            if (!IsIdentifier(name))
            {
                return name.Length > 255
                    ? (TableErrorCode.PropertyNameTooLong, $"found a property name of {name.Length} characters; at most 255 are allowed.")
                    : (TableErrorCode.PropertyNameInvalid, $"found the property name '{name}'; letters, digits and '_' are allowed, not starting with a digit.");
            }

            if (value switch { DateTime time => time, DateTimeOffset time => time.UtcDateTime, _ => s_firstDate } < s_firstDate)
            {
                return (TableErrorCode.OutOfRangeInput, $"property '{name}' is {value}; the service holds dates from 1601-01-01 on.");
            }
        }

        return null;
    }

    private static bool IsIdentifier(string name) =>
        name.Length is > 0 and <= 255 && !char.IsDigit(name[0]) && name.All(c => char.IsLetterOrDigit(c) || c == '_');

    private static RequestFailedException Refusal(TableErrorCode code, string text) => new(400, text, code.ToString(), null);
}
