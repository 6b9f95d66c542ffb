namespace Mlops.Infra.Tests.Bicep;

/// <summary>A parameter of a template with what its decorators ask for.</summary>
internal sealed class BicepParameter
{
    /// <summary>Reads a declaration and the decorators above it.</summary>
    public BicepParameter(SyntaxNode declaration, IEnumerable<SyntaxNode> decorators)
    {
        Declaration = declaration;
        var equals = declaration.Children.ToList().FindIndex(child => child.Type == "=");
        Type = (declaration.Child("type") ?? declaration.Child("nullable_type") ?? throw new BicepException(declaration, "a parameter without a type")).Text;
        Default = equals < 0 ? null : declaration.Children[equals + 1];
        foreach (var call in decorators.Select(decorator => decorator.Child("call_expression")).OfType<SyntaxNode>())
        {
            Decorators[call.InField("function").Text] = call.InField("arguments");
        }
    }

    /// <summary>The declaration in the tree.</summary>
    public SyntaxNode Declaration { get; }

    /// <summary>Type as written.</summary>
    public string Type { get; }

    /// <summary>Expression of the default; null: the parameter is required.</summary>
    public SyntaxNode? Default { get; }

    /// <summary>Arguments of the decorators by name: description, allowed, minValue and so on.</summary>
    public Dictionary<string, SyntaxNode> Decorators { get; } = [];

    /// <summary>Fails when a value is not of the type, not allowed, or out of the range.</summary>
    public void Check(object? value)
    {
        var plain = Runtime.Unwrap(value);
        var fits = Type switch
        {
            "string" => plain is string,
            "int" => plain is long,
            "bool" => plain is bool,
            "object" => plain is IReadOnlyDictionary<string, object?>,
            _ when Type.EndsWith("[]", StringComparison.Ordinal) => plain is IReadOnlyList<object?>,
            _ => false,
        };
        Require(fits, $"a value of kind {plain?.GetType().Name ?? "null"} for a parameter of type '{Type}'");
        if (Decorators.TryGetValue("allowed", out var allowed))
        {
            Require(((IReadOnlyList<object?>)Evaluator.Constant(allowed.Named.Single())!).Contains(plain), $"'{plain}', which @allowed does not list");
        }

        Bound("minValue", bound => plain is long number && number < bound);
        Bound("maxValue", bound => plain is long number && number > bound);
        Bound("minLength", bound => plain is string text && text.Length < bound);
        Bound("maxLength", bound => plain is string text && text.Length > bound);

        void Bound(string decorator, Func<long, bool> violated)
        {
            if (Decorators.TryGetValue(decorator, out var arguments))
            {
                Require(!violated((long)Evaluator.Constant(arguments.Named.Single())!), $"'{plain}', against @{decorator}");
            }
        }

        void Require(bool holds, string found)
        {
            if (!holds)
            {
                throw new BicepException(Declaration, $"parameter '{BicepFile.NameOf(Declaration)}' receives {found}");
            }
        }
    }
}
