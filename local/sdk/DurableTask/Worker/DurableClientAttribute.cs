using Microsoft.Azure.Functions.Worker.Extensions.Abstractions;

namespace Microsoft.Azure.Functions.Worker;

/// <summary>Binds a <see cref="DurableTask.Client.DurableTaskClient"/>.</summary>
[AttributeUsage(AttributeTargets.Parameter)]
public sealed class DurableClientAttribute : InputBindingAttribute
{
    /// <summary>The task hub; the one of host.json by default.</summary>
    public string? TaskHub { get; set; }

    /// <summary>The setting that holds the storage connection; the one of host.json by default.</summary>
    public string? ConnectionName { get; set; }
}
