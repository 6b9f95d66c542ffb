namespace Mlops.Infra.Tests.Bicep;

/// <summary>
/// What a template would deploy with given parameters: every resource with its evaluated properties, modules followed, conditions and loops resolved.
/// A what-if without Azure. Fails where the compiler would: unknown names, missing parameters, names or conditions that depend on deployment results.
/// </summary>
internal sealed class Deployment
{
    private readonly BicepFile file;
    private readonly Dictionary<string, object?> parameters = [];
    private readonly Dictionary<string, object?> values = [];
    private readonly Evaluator evaluator;

    private Deployment(BicepFile file, IReadOnlyDictionary<string, object?> given)
    {
        this.file = file;
        evaluator = new Evaluator(Repository.PathOf(Path.GetDirectoryName(file.Path)!), Resolve);
        foreach (var name in given.Keys.Except(file.Parameters.Keys))
        {
            throw new BicepException(file.Root, $"a parameter '{name}' that this template does not declare");
        }

        foreach (var (name, parameter) in file.Parameters)
        {
            // What a module receives was settled before its own deployment began.
            parameters[name] = given.TryGetValue(name, out var value) ? Runtime.Unwrap(value)
                : parameter.Default is { } expression ? evaluator.Evaluate(expression)
                : throw new BicepException(parameter.Declaration, $"the required parameter '{name}' receives no value");
            parameter.Check(parameters[name]);
        }

        foreach (var (name, declaration) in file.Modules)
        {
            values[name] = Lazily(() => Module(declaration));
        }

        foreach (var (name, declaration) in file.Resources)
        {
            values[name] = Lazily(() => Declare(declaration, null));
        }

        foreach (var pending in values.Values.ToArray())
        {
            _ = ((Lazy<object?>)pending!).Value;
        }

        foreach (var (name, expression) in file.Outputs)
        {
            Outputs[name] = evaluator.Evaluate(expression);
        }
    }

    /// <summary>Everything that would be deployed.</summary>
    public List<DeployedResource> Resources { get; } = [];

    /// <summary>Outputs of the template.</summary>
    public Dictionary<string, object?> Outputs { get; } = [];

    /// <summary>Resources of a type, without regard to case.</summary>
    public IReadOnlyList<DeployedResource> OfType(string type) => [.. Resources.Where(resource => resource.Type.Equals(type, StringComparison.OrdinalIgnoreCase))];

    /// <summary>Evaluates a template.</summary>
    public static Deployment Of(BicepFile file, IReadOnlyDictionary<string, object?> parameters) => new(file, parameters);

    private static Lazy<object?> Lazily(Func<object?> value) => new(value, LazyThreadSafetyMode.None);

    private object? Resolve(SyntaxNode name) =>
        parameters.TryGetValue(name.Text, out var parameter) ? parameter
        : file.Variables.TryGetValue(name.Text, out var variable) ? evaluator.Evaluate(variable)
        : values.TryGetValue(name.Text, out var value) ? ((Lazy<object?>)value!).Value
        : throw new BicepException(name, $"the name '{name.Text}', which is no parameter, variable, resource or module of this template");

    private object? Module(SyntaxNode declaration)
    {
        var (body, isDeployed) = Body(declaration);
        if (!isDeployed)
        {
            return null;
        }

        var properties = Evaluator.Properties(body).ToDictionary(pair => pair.Key, pair => pair.Value);
        KnownBefore(properties["name"]);
        var given = properties.TryGetValue("params", out var expression) ? (IReadOnlyDictionary<string, object?>)evaluator.Evaluate(expression)! : new Dictionary<string, object?>();
        var deployment = new Deployment(file.Target(declaration), given);
        Resources.AddRange(deployment.Resources);
        return new Dictionary<string, object?>
        {
            ["name"] = evaluator.Evaluate(properties["name"]),
            ["outputs"] = deployment.Outputs.ToDictionary(pair => pair.Key, object? (pair) => new Runtime(Runtime.Unwrap(pair.Value))),
        };
    }

    private object? Declare(SyntaxNode declaration, ResourceReference? enclosing)
    {
        if (declaration.Child("for_statement") is not { } loop)
        {
            var (body, isDeployed) = Body(declaration);
            return isDeployed ? Deploy(declaration, body, enclosing) : null;
        }

        var list = new List<object?>();
        evaluator.ForEach(loop, () => list.Add(Deploy(declaration, loop.InField("body"), enclosing)));
        return list;
    }

    private ResourceReference Deploy(SyntaxNode declaration, SyntaxNode body, ResourceReference? enclosing)
    {
        var expressions = Evaluator.Properties(body).ToDictionary(pair => pair.Key, pair => pair.Value);
        var parent = expressions.TryGetValue("parent", out var parentExpression) ? (ResourceReference)evaluator.Evaluate(parentExpression)! : enclosing;
        var scope = expressions.TryGetValue("scope", out var scopeExpression) ? (ResourceReference)evaluator.Evaluate(scopeExpression)! : null;
        var name = KnownBefore(expressions.GetValueOrDefault("name") ?? throw new BicepException(declaration, "a resource without a name"));

        var typeAndVersion = BicepFile.LiteralOf(declaration.Child("string")!).Split('@');
        var type = enclosing is null ? typeAndVersion[0] : $"{enclosing.Type}/{typeAndVersion[0]}";
        var version = typeAndVersion.Length > 1 ? typeAndVersion[1] : enclosing!.Version;
        if (parent is not null && !type.StartsWith(parent.Type + '/', StringComparison.OrdinalIgnoreCase))
        {
            throw new BicepException(declaration, $"'{type}' under a parent of type '{parent.Type}'");
        }

        var reference = new ResourceReference(BicepFile.NameOf(declaration), type, version, parent is null ? name : $"{parent.Name}/{name}");
        if (declaration.Child("existing") is not null)
        {
            return reference;
        }

        var properties = new Dictionary<string, object?>();
        foreach (var (key, expression) in expressions)
        {
            if (key == "dependsOn")
            {
                foreach (var dependency in expression.Named)
                {
                    evaluator.Evaluate(dependency);
                }
            }
            else if (key is not ("parent" or "scope"))
            {
                properties[key] = Runtime.Unwrap(evaluator.Evaluate(expression));
            }
        }

        Resources.Add(new DeployedResource(type, version, reference.Name, scope?.Id, properties, declaration.Where));
        foreach (var nested in body.Named.Select(property => property.Child("resource_declaration")).OfType<SyntaxNode>())
        {
            Declare(nested, reference);
        }

        return reference;
    }

    private (SyntaxNode Body, bool IsDeployed) Body(SyntaxNode declaration)
    {
        if (declaration.Child("if_statement") is not { } conditional)
        {
            return (declaration.Child("object") ?? throw new BicepException(declaration, "a declaration without a body"), true);
        }

        var condition = conditional.Child("parenthesized_expression")!;
        if (Runtime.IsIn(evaluator.Evaluate(condition)))
        {
            throw new BicepException(condition, "a condition that is known only while deploying (BCP177)");
        }

        return (conditional.Child("object")!, evaluator.Condition(condition));
    }

    private string KnownBefore(SyntaxNode expression) => evaluator.Evaluate(expression) as string
        ?? throw new BicepException(expression, "a name that is known only while deploying, or no text (BCP120)");
}
