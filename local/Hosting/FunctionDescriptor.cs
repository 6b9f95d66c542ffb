using System.Reflection;
using Microsoft.Azure.Functions.Worker.Extensions.Abstractions;

namespace Mlops.Local.Hosting;

/// <summary>A function of the app: its method and what starts it.</summary>
internal sealed record FunctionDescriptor(string Name, MethodInfo Method, BindingAttribute Trigger, ParameterInfo TriggerParameter)
{
    /// <summary>Full name of the method, for messages.</summary>
    public string EntryPoint => $"{Method.DeclaringType!.FullName}.{Method.Name}";

    /// <summary>Kind of trigger as the real host's metadata names it, such as <c>httpTrigger</c>.</summary>
    public string TriggerType => BindingType(Trigger);

    /// <summary>The metadata name of a binding: <c>QueueOutputAttribute</c> is <c>queue</c>, <c>QueueTriggerAttribute</c> is <c>queueTrigger</c>.</summary>
    public static string BindingType(BindingAttribute binding)
    {
        var name = binding.GetType().Name;
        name = Trim(Trim(Trim(name, "Attribute"), "Output"), "Input");
        return char.ToLowerInvariant(name[0]) + name[1..];
    }

    private static string Trim(string name, string suffix) => name.EndsWith(suffix, StringComparison.Ordinal) ? name[..^suffix.Length] : name;
}
