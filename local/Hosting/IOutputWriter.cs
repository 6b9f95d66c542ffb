using Microsoft.Azure.Functions.Worker.Extensions.Abstractions;

namespace Mlops.Local.Hosting;

/// <summary>Writes one kind of output binding.</summary>
internal interface IOutputWriter
{
    /// <summary>Whether this writer serves the attribute.</summary>
    bool Handles(OutputBindingAttribute attribute);

    /// <summary>Writes a value that is not null.</summary>
    Task WriteAsync(OutputBindingAttribute attribute, object value, IReadOnlyDictionary<string, object?> bindingData, CancellationToken cancellationToken);
}
