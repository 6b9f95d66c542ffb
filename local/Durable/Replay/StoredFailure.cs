using System.Text.Json;
using Microsoft.DurableTask;

namespace Mlops.Local.Durable.Replay;

/// <summary>Failures as they lie in the history.</summary>
internal static class StoredFailure
{
    /// <summary>Marks a failure that another attempt cannot mend, such as a function that does not exist.</summary>
    private const string NoRetry = "mlops.noRetry";

    public static string Write(TaskFailureDetails failure) => JsonSerializer.Serialize(failure);

    public static TaskFailureDetails Read(string? text)
        => text is null ? new TaskFailureDetails("(unknown)", "(unknown)", null, null, null) : JsonSerializer.Deserialize<TaskFailureDetails>(text)!;

    public static TaskFailureDetails Final(string errorType, string message)
        => new(errorType, message, null, null, new Dictionary<string, object?> { [NoRetry] = true });

    public static bool MayRetry(TaskFailureDetails failure) => failure.Properties?.ContainsKey(NoRetry) != true;
}
