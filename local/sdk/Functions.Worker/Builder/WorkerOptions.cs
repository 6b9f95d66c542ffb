using Azure.Core.Serialization;

namespace Microsoft.Azure.Functions.Worker;

/// <summary>Options of the worker.</summary>
public class WorkerOptions
{
    /// <summary>Serializer of bindings and of durable inputs and outputs; System.Text.Json, reading names without regard to case, when null.</summary>
    public ObjectSerializer? Serializer { get; set; }

    /// <summary>The converters of parameters; those of the worker itself are among them.</summary>
    public InputConverterCollection InputConverters { get; } = new();
}
