using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Extensions.Abstractions;

namespace Mlops.Local.Hosting;

/// <summary>The functions of an app, found by their attributes as the worker finds them. Every mistake in them is reported at once.</summary>
internal sealed partial class FunctionCatalog
{
    private readonly Dictionary<string, FunctionDescriptor> _byName;

    public FunctionCatalog(params IReadOnlyList<Assembly> assemblies) : this(assemblies.SelectMany(a => a.GetTypes()))
    {
    }

    public FunctionCatalog(IEnumerable<Type> types)
    {
        var problems = new List<string>();
        var all = new List<FunctionDescriptor>();
        const BindingFlags Any = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;
        foreach (var method in types.SelectMany(t => t.GetMethods(Any)))
        {
            if (method.GetCustomAttribute<FunctionAttribute>() is { } function && Describe(function.Name, method, problems) is { } descriptor)
            {
                all.Add(descriptor);
            }
        }

        foreach (var same in all.GroupBy(f => f.Name, StringComparer.OrdinalIgnoreCase).Where(g => g.Count() > 1))
        {
            problems.Add($"Function name '{same.Key}' is used by {string.Join(" and ", same.Select(f => f.EntryPoint))}; names must be unique, compared without case.");
        }

        if (problems.Count > 0)
        {
            throw new InvalidOperationException($"The app's functions have {problems.Count} mistake(s):{Environment.NewLine}- {string.Join(Environment.NewLine + "- ", problems)}");
        }

        All = all.OrderBy(f => f.Name, StringComparer.Ordinal).ToList();
        _byName = all.ToDictionary(f => f.Name, StringComparer.OrdinalIgnoreCase);
    }

    /// <summary>All functions, by name.</summary>
    public IReadOnlyList<FunctionDescriptor> All { get; }

    /// <summary>The function of a name, compared without case; null when there is none.</summary>
    public FunctionDescriptor? Find(string name) => _byName.GetValueOrDefault(name);

    /// <summary>The functions started by one kind of trigger.</summary>
    public IEnumerable<(FunctionDescriptor Function, T Trigger)> Of<T>() where T : BindingAttribute =>
        All.Where(f => f.Trigger is T).Select(f => (f, (T)f.Trigger));

    private static FunctionDescriptor? Describe(string name, MethodInfo method, List<string> problems)
    {
        var where = $"Function '{name}' ({method.DeclaringType!.FullName}.{method.Name})";
        if (!Name().IsMatch(name))
        {
            problems.Add($"{where}: the name must start with a letter and continue with letters, digits, '_' or '-', 127 characters at most.");
            return null;
        }

        if (!method.IsPublic || !(method.DeclaringType!.IsPublic || method.DeclaringType.IsNestedPublic))
        {
            problems.Add($"{where}: method and class must be public.");
            return null;
        }

        if (method.ReturnType == typeof(void) && method.IsDefined(typeof(AsyncStateMachineAttribute)))
        {
            problems.Add($"{where}: found 'async void'; return Task instead, so that the host can wait for it.");
            return null;
        }

        var triggers = method.GetParameters()
            .Select(p => (Parameter: p, Trigger: p.GetCustomAttributes<TriggerBindingAttribute>().SingleOrDefault()))
            .Where(p => p.Trigger is not null)
            .ToList();
        if (triggers.Count != 1)
        {
            problems.Add($"{where}: found {triggers.Count} parameters with a trigger attribute; expected exactly one.");
            return null;
        }

        return new FunctionDescriptor(name, method, triggers[0].Trigger!, triggers[0].Parameter);
    }

    [GeneratedRegex("^[A-Za-z][A-Za-z0-9_-]{0,126}$")]
    private static partial Regex Name();
}
