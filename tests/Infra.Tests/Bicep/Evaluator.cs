using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Mlops.Infra.Tests.Bicep;

/// <summary>
/// Evaluates the expressions that these templates use. Values are null, bool, long, decimal, string, lists and maps;
/// what only Azure knows is a <see cref="Runtime"/> around a readable stand-in.
/// </summary>
/// <param name="folder">Folder of the template, for files it loads.</param>
/// <param name="resolve">Value of a name that is not a loop variable.</param>
internal sealed partial class Evaluator(string folder, Func<SyntaxNode, object?> resolve)
{
    private readonly Dictionary<string, object?> locals = [];

    /// <summary>Value of an expression without names, such as a decorator's argument.</summary>
    public static object? Constant(SyntaxNode node) =>
        new Evaluator("", name => throw new BicepException(name, $"the name '{name.Text}' where a constant is expected")).Evaluate(node);

    /// <summary>Runs an action for every element of a for-statement, its loop variables set.</summary>
    public void ForEach(SyntaxNode statement, Action body)
    {
        var parameters = statement.Child("for_loop_parameters");
        var names = parameters is null ? [statement.Named.First().Text] : parameters.Named.Select(name => name.Text).ToArray();
        var range = statement.Named.Skip(1).First();
        var items = Evaluate(range);
        if (items is not IReadOnlyList<object?> list)
        {
            throw new BicepException(range, "a loop over what is known only while deploying, or over no list (BCP178)");
        }

        for (var i = 0; i < list.Count; i++)
        {
            locals[names[0]] = list[i];
            if (names.Length > 1)
            {
                locals[names[1]] = (long)i;
            }

            body();
        }

        foreach (var name in names)
        {
            locals.Remove(name);
        }
    }

    /// <summary>Value of an expression.</summary>
    public object? Evaluate(SyntaxNode node) => node.Type switch
    {
        "string" => Text(node),
        "number" => long.Parse(node.Text, CultureInfo.InvariantCulture),
        "boolean" => node.Text == "true",
        "null" => null,
        "identifier" => locals.TryGetValue(node.Text, out var local) ? local : resolve(node),
        "parenthesized_expression" => Evaluate(node.Named.Single()),
        "array" => Elements(node).Select(Evaluate).ToList(),
        "object" => Properties(node).ToDictionary(pair => pair.Key, pair => Evaluate(pair.Value)),
        "member_expression" => Member(node, Evaluate(node.InField("object")), node.InField("property").Text),
        "subscript_expression" => Element(node, Evaluate(node.InField("object")), Evaluate(node.InField("index"))),
        "unary_expression" => Lift(node, arguments => Negate(node, arguments[0]), Evaluate(node.InField("argument"))),
        "binary_expression" => Binary(node),
        "ternary_expression" => Condition(node.InField("condition")) ? Evaluate(node.InField("consequence")) : Evaluate(node.InField("alternative")),
        "call_expression" => Call(node),
        "for_statement" => Loop(node),
        _ => throw new BicepException(node, $"an expression of type '{node.Type}', which the checker does not know"),
    };

    /// <summary>Value of a condition; it must be known before deployment.</summary>
    public bool Condition(SyntaxNode node) => Evaluate(node) switch
    {
        bool value => value,
        Runtime { Value: bool value } => value,
        var other => throw new BicepException(node, $"a condition that is '{other}', not true or false"),
    };

    /// <summary>Property names and expressions of an object, nested resources left out.</summary>
    public static IEnumerable<KeyValuePair<string, SyntaxNode>> Properties(SyntaxNode node) =>
        from property in node.Named
        where property.Type == "object_property" && property.Child("resource_declaration") is null
        let key = property.Named.First()
        select KeyValuePair.Create(key.Type == "string" ? KeyText(key) : key.Text, property.Named.Last());

    // The grammar reads [a[i]] as two elements; the compiler reads one.
    private static SyntaxNode[] Elements(SyntaxNode node)
    {
        var elements = node.Named.ToArray();
        for (var i = 1; i < elements.Length; i++)
        {
            if (node.Source.AsSpan(elements[i - 1].End, elements[i].Start - elements[i - 1].End).IndexOfAny(',', '\n') < 0)
            {
                throw new BicepException(elements[i], "an index directly inside an array literal, which the grammar misreads: give the element a name first");
            }
        }

        return elements;
    }

    // A key may interpolate (the id of an identity): its source text then stands for it.
    private static string KeyText(SyntaxNode key) => key.Text[1..^1];

    private object? Text(SyntaxNode node)
    {
        var text = new StringBuilder();
        var isRuntime = false;
        var position = node.Start + 1;
        foreach (var part in node.Children.Where(child => child.Type == "interpolation"))
        {
            text.Append(Unescape(node.Source[position..part.Start]));
            var value = Evaluate(part.Named.Single());
            isRuntime |= Runtime.IsIn(value);
            text.Append(Convert.ToString(Runtime.Unwrap(value), CultureInfo.InvariantCulture));
            position = part.End;
        }

        text.Append(Unescape(node.Source[position..(node.End - 1)]));
        return isRuntime ? new Runtime(text.ToString()) : text.ToString();
    }

    private static string Unescape(string text) => Escape().Replace(text, match => match.Value[1] switch { 'n' => "\n", 't' => "\t", 'r' => "\r", var other => other.ToString() });

    private static object? Member(SyntaxNode node, object? target, string name)
    {
        // "a.?b.c" is null as a whole when a is null.
        var optional = node.All().Any(part => part.Type == ".?");
        return target switch
        {
            null when optional => null,
            Runtime { Value: null } => null,
            IReadOnlyDictionary<string, object?> map when map.TryGetValue(name, out var value) => value,
            ResourceReference resource => resource.Property(name),
            Runtime { Value: IReadOnlyDictionary<string, object?> map } when map.TryGetValue(name, out var value) => value is Runtime ? value : new Runtime(value),
            Runtime { Value: string text } => new Runtime($"{text}.{name}"),
            _ => throw new BicepException(node, $"'{name}' does not exist on '{node.InField("object").Text}'"),
        };
    }

    private static object? Element(SyntaxNode node, object? target, object? index) => (target, index) switch
    {
        (IReadOnlyList<object?> list, long i) when i >= 0 && i < list.Count => list[(int)i],
        (Runtime { Value: IReadOnlyList<object?> list }, long i) when i >= 0 && i < list.Count => new Runtime(list[(int)i]),
        (IReadOnlyDictionary<string, object?> map, string key) when map.TryGetValue(key, out var value) => value,
        _ => throw new BicepException(node, $"no element '{index}'"),
    };

    private static object Negate(SyntaxNode node, object? value) => value is bool flag ? !flag : throw new BicepException(node, "'!' on what is not true or false");

    private object? Binary(SyntaxNode node)
    {
        var operation = node.InField("operator").Text;
        var left = Evaluate(node.InField("left"));
        switch (operation)
        {
            case "&&" when left is false:
                return false;
            case "||" when left is true:
                return true;
            case "??":
                return Runtime.Unwrap(left) is null ? Evaluate(node.InField("right")) : left;
        }

        return Lift(node, pair => (operation, pair[0], pair[1]) switch
        {
            ("==", var a, var b) => Equals(a, b),
            ("!=", var a, var b) => !Equals(a, b),
            ("&&", bool a, bool b) => a && b,
            ("||", bool a, bool b) => a || b,
            (">", long a, long b) => a > b,
            ("<", long a, long b) => a < b,
            (">=", long a, long b) => a >= b,
            ("<=", long a, long b) => a <= b,
            ("+", long a, long b) => a + b,
            ("-", long a, long b) => a - b,
            ("*", long a, long b) => a * b,
            ("/", long a, long b) => a / b,
            ("%", long a, long b) => a % b,
            _ => throw new BicepException(node, $"'{operation}' on '{pair[0]}' and '{pair[1]}'"),
        }, left, Evaluate(node.InField("right")));
    }

    private List<object?> Loop(SyntaxNode node)
    {
        var values = new List<object?>();
        ForEach(node, () => values.Add(Evaluate(node.InField("body"))));
        return values;
    }

    private object? Call(SyntaxNode node)
    {
        var name = node.InField("function").Text;
        var arguments = node.InField("arguments").Named.Select(Evaluate).ToArray();
        return name switch
        {
            "subscription" => new Dictionary<string, object?> { ["id"] = "/subscriptions/S", ["subscriptionId"] = "S" },
            "tenant" => new Dictionary<string, object?> { ["tenantId"] = "T" },
            "environment" => new Dictionary<string, object?> { ["suffixes"] = new Dictionary<string, object?> { ["storage"] = "core.windows.net" }, ["authentication"] = new Dictionary<string, object?> { ["loginEndpoint"] = "https://login.microsoftonline.com/" } },
            "union" => Union(arguments),
            _ => Lift(node, values => Function(node, name, values), arguments),
        };
    }

    // A map may carry values known only while deploying; the map itself is known.
    private static Dictionary<string, object?> Union(object?[] maps)
    {
        var union = new Dictionary<string, object?>();
        foreach (var (key, value) in maps.Cast<IReadOnlyDictionary<string, object?>>().SelectMany(map => map))
        {
            union[key] = value;
        }

        return union;
    }

    private object? Function(SyntaxNode node, string name, object?[] values) => (name, values) switch
    {
        ("loadJsonContent", [string file]) => FromJson(JsonDocument.Parse(File.ReadAllText(Path.Combine(folder, file))).RootElement),
        ("json", [string text]) => FromJson(JsonDocument.Parse(text).RootElement),
        ("toLower", [string text]) => text.ToLowerInvariant(),
        // Thirteen characters, as Azure's.
        ("uniqueString", _) => "u123456789012",
        ("guid", _) => $"guid({string.Join('|', values)})",
        ("subscriptionResourceId", [string type, string id]) => $"/subscriptions/S/providers/{type}/{id}",
        ("empty", [null]) => true,
        ("empty", [string text]) => text.Length == 0,
        ("empty", [IReadOnlyList<object?> list]) => list.Count == 0,
        ("length", [IReadOnlyList<object?> list]) => (long)list.Count,
        ("range", [long start, long count]) => Enumerable.Range((int)start, (int)count).Select(i => (object?)(long)i).ToList(),
        _ => throw new BicepException(node, $"a call of '{name}' with {values.Length} arguments, which the checker does not know"),
    };

    private static object? Lift(SyntaxNode node, Func<object?[], object?> function, params object?[] arguments)
    {
        var plain = arguments.Select(argument => argument is ResourceReference ? throw new BicepException(node, "a whole resource as a value") : Runtime.Unwrap(argument)).ToArray();
        var value = function(plain);
        return arguments.Any(Runtime.IsIn) ? new Runtime(value) : value;
    }

    private static object? FromJson(JsonElement json) => json.ValueKind switch
    {
        JsonValueKind.Object => json.EnumerateObject().ToDictionary(property => property.Name, property => FromJson(property.Value)),
        JsonValueKind.Array => json.EnumerateArray().Select(FromJson).ToList(),
        JsonValueKind.String => json.GetString(),
        JsonValueKind.Number => json.TryGetInt64(out var integer) ? (object)integer : json.GetDecimal(),
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => null,
    };

    [GeneratedRegex(@"\\.")]
    private static partial Regex Escape();
}
