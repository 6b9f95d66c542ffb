namespace Microsoft.Azure.Functions.Worker;

/// <summary>A value could not be bound to a parameter of a function.</summary>
public class FunctionInputConverterException : FunctionWorkerException
{
    /// <summary>With a message.</summary>
    public FunctionInputConverterException(string message) : base(message)
    {
    }

    /// <summary>With a message and a cause.</summary>
    public FunctionInputConverterException(string message, Exception innerException) : base(message, innerException)
    {
    }
}
