using System.Globalization;
using System.Reflection;

namespace Mlops.TestKit;

/// <summary>The public and protected surface of an assembly as lines, in the form of the golden lists under <c>tests/golden/api/</c>.</summary>
/// <remarks><c>Type [kind] : Base</c> · <c>Type..ctor(T name = default)</c> · <c>Type.[static|abstract|virtual ]Method&lt;T&gt;(T name, …) : Ret</c> ·
/// <c>Type.Property { get; set|init; } : T</c> · <c>Enum.Value = n</c>. Names are the CLR's with namespaces; <c>T?</c> for a nullable value type;
/// enum defaults are numbers; <c>default</c> stands for null and for a struct's default.</remarks>
public static class ApiListing
{
    private const BindingFlags Declared = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    /// <summary>All lines of an assembly, sorted ordinally.</summary>
    public static IReadOnlyList<string> Of(Assembly assembly) =>
        assembly.GetTypes().Where(IsVisible).SelectMany(Lines).Distinct().Order(StringComparer.Ordinal).ToList();

    /// <summary>The lines of an assembly that a golden list lacks: what a stand-in has and the official package has not.</summary>
    /// <param name="assembly">The stand-in.</param>
    /// <param name="goldenFiles">Files with one line each per official member.</param>
    public static IReadOnlyList<string> NotOfficial(Assembly assembly, params IEnumerable<string> goldenFiles)
    {
        var official = goldenFiles.SelectMany(File.ReadLines).ToHashSet(StringComparer.Ordinal);
        return Of(assembly).Where(line => !official.Contains(line)).ToList();
    }

    private static bool IsVisible(Type type) =>
        type.IsPublic || ((type.IsNestedPublic || type.IsNestedFamily || type.IsNestedFamORAssem) && IsVisible(type.DeclaringType!));

    private static IEnumerable<string> Lines(Type type)
    {
        var name = Name(type);
        yield return $"{name} [{Kind(type)}]{Base(type)}";
        if (type.IsEnum)
        {
            foreach (var field in type.GetFields(BindingFlags.Public | BindingFlags.Static))
            {
                yield return string.Create(CultureInfo.InvariantCulture, $"{name}.{field.Name} = {field.GetRawConstantValue()}");
            }

            yield break;
        }

        foreach (var constructor in type.GetConstructors(Declared).Where(c => !c.IsStatic && IsVisible(c)))
        {
            yield return $"{name}..ctor({Parameters(constructor)}){(constructor.IsPublic ? "" : " [protected]")}";
        }

        foreach (var method in type.GetMethods(Declared).Where(m => IsVisible(m) && !IsAccessor(m)))
        {
            var generic = method.IsGenericMethod ? $"<{string.Join(",", method.GetGenericArguments().Select(Name))}>" : "";
            yield return $"{name}.{Modifiers(method)}{method.Name}{generic}({Parameters(method)}) : {Name(method.ReturnType)}";
        }

        foreach (var property in type.GetProperties(Declared))
        {
            var accessors = property.GetAccessors(nonPublic: true).Where(IsVisible).ToList();
            if (accessors.Count > 0)
            {
                var strongest = accessors.FirstOrDefault(a => a.IsPublic) ?? accessors[0];
                var index = property.GetIndexParameters() is { Length: > 0 } parameters ? $"[{string.Join(", ", parameters.Select(p => Name(p.ParameterType)))}]" : "";
                var get = accessors.Contains(property.GetMethod!) ? "get; " : "";
                var set = accessors.Contains(property.SetMethod!) ? IsInit(property.SetMethod!) ? "init; " : "set; " : "";
                yield return $"{name}.{Modifiers(strongest)}{property.Name}{index} {{ {get}{set}}} : {Name(property.PropertyType)}";
            }
        }

        foreach (var field in type.GetFields(Declared).Where(f => f.IsPublic || f.IsFamily || f.IsFamilyOrAssembly))
        {
            yield return $"{name}.{(field.IsPublic ? "" : "protected ")}{(field.IsLiteral ? "const " : field.IsStatic ? "static " : "")}{field.Name} : {Name(field.FieldType)}";
        }

        foreach (var raised in type.GetEvents(Declared).Where(e => IsVisible(e.AddMethod!)))
        {
            yield return $"{name}.{Modifiers(raised.AddMethod!)}event {raised.Name} : {Name(raised.EventHandlerType!)}";
        }
    }

    private static bool IsVisible(MethodBase method) => method.IsPublic || method.IsFamily || method.IsFamilyOrAssembly;

    private static bool IsAccessor(MethodInfo method) => method.IsSpecialName && !method.Name.StartsWith("op_", StringComparison.Ordinal);

    private static bool IsInit(MethodInfo setter) =>
        setter.ReturnParameter.GetRequiredCustomModifiers().Any(m => m.FullName == "System.Runtime.CompilerServices.IsExternalInit");

    private static string Kind(Type type) =>
        type.IsInterface ? "interface"
        : type.IsEnum ? "enum"
        : type.IsValueType ? "struct"
        : typeof(Delegate).IsAssignableFrom(type) ? "delegate"
        : type.IsAbstract && type.IsSealed ? "static class"
        : type.IsAbstract ? "abstract class"
        : type.IsSealed ? "sealed class"
        : "class";

    private static string Base(Type type) =>
        type.IsClass && !typeof(Delegate).IsAssignableFrom(type) && type.BaseType is { } parent && parent != typeof(object) ? $" : {Name(parent)}" : "";

    private static string Modifiers(MethodInfo method)
    {
        var access = method.IsPublic ? "" : "protected ";
        return method.DeclaringType!.IsInterface || method.Name.StartsWith("op_", StringComparison.Ordinal) ? access
            : method.IsStatic ? access + "static "
            : method.IsAbstract ? access + "abstract "
            : method.IsVirtual && !method.IsFinal ? access + "virtual "
            : access;
    }

    private static string Parameters(MethodBase method)
    {
        var extension = method.IsDefined(typeof(System.Runtime.CompilerServices.ExtensionAttribute));
        return string.Join(", ", method.GetParameters().Select(p => Parameter(p, extension && p.Position == 0)));
    }

    private static string Parameter(ParameterInfo parameter, bool isThis)
    {
        var type = parameter.ParameterType;
        var prefix = isThis ? "this " : parameter.IsDefined(typeof(ParamArrayAttribute)) ? "params " : "";
        if (type.IsByRef)
        {
            prefix += parameter.IsOut ? "out " : parameter.IsIn ? "in " : "ref ";
            type = type.GetElementType()!;
        }

        return $"{prefix}{Name(type)} {parameter.Name}{(parameter.HasDefaultValue ? " = " + Default(parameter) : "")}";
    }

    private static string Default(ParameterInfo parameter) => parameter.RawDefaultValue switch
    {
        null => "default",
        bool flag => flag ? "true" : "false",
        string text => $"\"{text}\"",
        var value => System.Convert.ToString(value, CultureInfo.InvariantCulture)!,
    };

    private static string Name(Type type)
    {
        if (type.IsGenericParameter)
        {
            return type.Name;
        }

        if (type.IsArray)
        {
            return Name(type.GetElementType()!) + "[]";
        }

        if (Nullable.GetUnderlyingType(type) is { } value && !type.IsGenericTypeDefinition)
        {
            return Name(value) + "?";
        }

        var full = (type.IsGenericType ? type.GetGenericTypeDefinition() : type).FullName!.Replace('+', '.');
        if (!type.IsGenericType)
        {
            return full;
        }

        var tick = full.IndexOf('`', StringComparison.Ordinal);
        var plain = tick < 0 ? full : full[..tick];
        return $"{plain}<{string.Join(",", type.GetGenericArguments().Select(Name))}>";
    }
}
