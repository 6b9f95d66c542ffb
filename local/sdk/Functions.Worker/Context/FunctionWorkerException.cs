namespace Microsoft.Azure.Functions.Worker;

/// <summary>The worker could not do what an invocation asked for.</summary>
public class FunctionWorkerException : Exception
{
    /// <summary>With a message.</summary>
    public FunctionWorkerException(string message) : base(message)
    {
    }

    /// <summary>With a message and a cause.</summary>
    public FunctionWorkerException(string message, Exception innerException) : base(message, innerException)
    {
    }
}
