using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Extensions.Abstractions;

namespace Mlops.Local.Hosting;

/// <summary>A function's metadata as middleware sees it; made once per function.</summary>
internal sealed class LocalFunctionDefinition : FunctionDefinition
{
    private static readonly ConcurrentDictionary<MethodInfo, LocalFunctionDefinition> s_known = new();

    private LocalFunctionDefinition(FunctionDescriptor function)
    {
        Name = function.Name;
        EntryPoint = function.EntryPoint;
        PathToAssembly = function.Method.DeclaringType!.Assembly.Location;
        Id = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{EntryPoint}|{Name}")))[..16];
        Parameters = function.Method.GetParameters().Select(Parameter).ToImmutableArray();
        InputBindings = function.Method.GetParameters()
            .Select(p => (p.Name, Binding: p.GetCustomAttribute<BindingAttribute>()))
            .Where(p => p.Binding is not null)
            .ToImmutableDictionary(p => p.Name!, p => (BindingMetadata)new Metadata(p.Name!, p.Binding!, BindingDirection.In));
        OutputBindings = Hosting.OutputBindings.Of(function)
            .ToImmutableDictionary(o => o.Name, o => (BindingMetadata)new Metadata(o.Name, o.Attribute, BindingDirection.Out));
    }

    public override ImmutableArray<FunctionParameter> Parameters { get; }

    public override string PathToAssembly { get; }

    public override string EntryPoint { get; }

    public override string Id { get; }

    public override string Name { get; }

    public override IImmutableDictionary<string, BindingMetadata> InputBindings { get; }

    public override IImmutableDictionary<string, BindingMetadata> OutputBindings { get; }

    public static LocalFunctionDefinition Of(FunctionDescriptor function) => s_known.GetOrAdd(function.Method, static (_, f) => new LocalFunctionDefinition(f), function);

    private static FunctionParameter Parameter(ParameterInfo parameter)
    {
        var properties = parameter.GetCustomAttribute<BindingAttribute>() is { } attribute
            ? ImmutableDictionary<string, object>.Empty.Add("bindingAttribute", attribute)
            : ImmutableDictionary<string, object>.Empty;
        return new FunctionParameter(parameter.Name!, parameter.ParameterType, parameter.HasDefaultValue, parameter.HasDefaultValue ? parameter.DefaultValue : null, properties);
    }

    private sealed class Metadata(string name, BindingAttribute attribute, BindingDirection direction) : BindingMetadata
    {
        public override string Name { get; } = name;

        public override string Type { get; } = FunctionDescriptor.BindingType(attribute);

        public override BindingDirection Direction { get; } = direction;
    }
}
