namespace Mlops.Infra.Tests.Bicep;

/// <summary>
/// A value that Azure knows only while it deploys (a property of a new resource, an output of a module). It may fill a property,
/// but not a name, a condition or the length of a loop: the compiler refuses that (BCP120, BCP177, BCP178).
/// </summary>
/// <param name="Value">What stands for the value here.</param>
internal sealed record Runtime(object? Value)
{
    /// <summary>The value without the mark, at any depth.</summary>
    public static object? Unwrap(object? value) => value switch
    {
        Runtime runtime => Unwrap(runtime.Value),
        IReadOnlyDictionary<string, object?> map => map.ToDictionary(pair => pair.Key, pair => Unwrap(pair.Value)),
        IReadOnlyList<object?> list => list.Select(Unwrap).ToList(),
        _ => value,
    };

    /// <summary>Whether the value or anything in it is known only while deploying.</summary>
    public static bool IsIn(object? value) => value switch
    {
        Runtime => true,
        IReadOnlyDictionary<string, object?> map => map.Values.Any(IsIn),
        IReadOnlyList<object?> list => list.Any(IsIn),
        _ => false,
    };
}
