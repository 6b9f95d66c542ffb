namespace Microsoft.Azure.Functions.Worker;

/// <summary>What a function returned, which middleware may replace.</summary>
public abstract class InvocationResult : InvocationResult<object>
{
}
