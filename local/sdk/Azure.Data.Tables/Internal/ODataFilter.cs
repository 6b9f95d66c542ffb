#nullable enable
using System.Globalization;
using System.Linq.Expressions;
using System.Reflection;

namespace Azure.Data.Tables;

/// <summary>Filters of the service's OData dialect from interpolated strings and from expressions.</summary>
/// <remarks>Expressions may hold comparisons, <c>&amp;&amp;</c>, <c>||</c>, <c>!</c>, Boolean properties, <c>Equals</c>, <c>CompareTo</c> and <c>string.Compare</c> against 0,
/// the indexer and getters of <see cref="TableEntity"/>; whatever does not depend on the entity is evaluated first.</remarks>
internal static class ODataFilter
{
    /// <summary>The interpolated string with each value as a literal of its type.</summary>
    internal static string Format(FormattableString filter)
    {
        ArgumentNullException.ThrowIfNull(filter);
        return string.Format(CultureInfo.InvariantCulture, filter.Format, [.. filter.GetArguments().Select(ODataLiteral.Of)]);
    }

    /// <summary>The filter of a predicate, or null for one that is always true.</summary>
    /// <exception cref="NotSupportedException">The predicate holds something that the service cannot filter by.</exception>
    internal static string? Translate(LambdaExpression filter)
    {
        ArgumentNullException.ThrowIfNull(filter);
        var text = new Translation(filter.Parameters[0]).Predicate(filter.Body);
        return text == "true" ? null : text;
    }

    private sealed class Translation(ParameterExpression entity)
    {
        internal string Predicate(Expression expression) => expression switch
        {
            _ when !DependsOnEntity(expression) => ODataLiteral.Of((bool)Evaluate(expression)!),
            BinaryExpression { NodeType: ExpressionType.AndAlso or ExpressionType.And } and => $"{Nested(and.Left)} and {Nested(and.Right)}",
            BinaryExpression { NodeType: ExpressionType.OrElse or ExpressionType.Or } or => $"{Nested(or.Left)} or {Nested(or.Right)}",
            UnaryExpression { NodeType: ExpressionType.Not } not => $"not {Nested(not.Operand)}",
            BinaryExpression comparison => Comparison(comparison),
            MethodCallExpression { Method.Name: nameof(Equals), Object: { } left, Arguments: [var right] } => Compare(left, ExpressionType.Equal, right),
            MethodCallExpression { Method.Name: nameof(Equals), Object: null, Arguments: [var left, var right] } => Compare(left, ExpressionType.Equal, right),
            _ when expression.Type == typeof(bool) || expression.Type == typeof(bool?) => $"{Property(expression)} eq true",
            _ => throw Unsupported(expression),
        };

        private string Nested(Expression expression) => $"({Predicate(expression)})";

        private string Comparison(BinaryExpression expression)
        {
            var (left, right) = (expression.Left, expression.Right);

            // a.CompareTo(b) > 0 and string.Compare(a, b) > 0 stand for a > b.
            return (Unwrap(left), IsZero(right)) switch
            {
                (MethodCallExpression { Method.Name: nameof(string.CompareTo), Object: { } a, Arguments: [var b] }, true) => Compare(a, expression.NodeType, b),
                (MethodCallExpression { Method.Name: nameof(string.Compare), Object: null, Arguments: [var a, var b] }, true) => Compare(a, expression.NodeType, b),
                _ => Compare(left, expression.NodeType, right),
            };
        }

        private string Compare(Expression left, ExpressionType comparison, Expression right)
        {
            if (DependsOnEntity(right))
            {
                if (DependsOnEntity(left))
                {
                    throw new NotSupportedException($"A table filter cannot compare two properties: found '{left}' and '{right}'.");
                }

                // The service wants the property on the left.
                (left, right) = (right, left);
                comparison = comparison switch
                {
                    ExpressionType.GreaterThan => ExpressionType.LessThan,
                    ExpressionType.GreaterThanOrEqual => ExpressionType.LessThanOrEqual,
                    ExpressionType.LessThan => ExpressionType.GreaterThan,
                    ExpressionType.LessThanOrEqual => ExpressionType.GreaterThanOrEqual,
                    _ => comparison,
                };
            }

            var word = comparison switch
            {
                ExpressionType.Equal => "eq",
                ExpressionType.NotEqual => "ne",
                ExpressionType.GreaterThan => "gt",
                ExpressionType.GreaterThanOrEqual => "ge",
                ExpressionType.LessThan => "lt",
                ExpressionType.LessThanOrEqual => "le",
                _ => throw new NotSupportedException($"A table filter has no operator for '{comparison}'; it has ==, !=, <, <=, > and >=."),
            };
            return $"{Property(left)} {word} {ODataLiteral.Of(Value(left, right))}";
        }

        /// <summary>The compared value; for an enum property the enum's name, which the compiler turned into a number.</summary>
        private static object? Value(Expression property, Expression value)
        {
            var constant = Evaluate(value);
            var type = Unwrap(property).Type;
            type = Nullable.GetUnderlyingType(type) ?? type;
            return type.IsEnum && constant is not null and not Enum ? Enum.ToObject(type, constant) : constant;
        }

        private string Property(Expression expression) => Unwrap(expression) switch
        {
            MemberExpression { Member: PropertyInfo or FieldInfo } member when member.Expression == entity || (member.Expression is UnaryExpression cast && Unwrap(cast) == entity) => EntityProperty.NameOf(member.Member),
            MemberExpression { Member.Name: nameof(Nullable<int>.Value), Expression: { } inner } when Nullable.GetUnderlyingType(inner.Type) is not null => Property(inner),
            MethodCallExpression { Object: { } target, Arguments: [var key], Method: var method } when Unwrap(target) == entity && key.Type == typeof(string) && IsGetter(method) => (string)Evaluate(key)!,
            _ => throw Unsupported(expression),
        };

        private static bool IsGetter(MethodInfo method) => method.Name == "get_Item" || (method.DeclaringType == typeof(TableEntity) && method.Name.StartsWith("Get", StringComparison.Ordinal));

        private bool IsZero(Expression expression) => !DependsOnEntity(expression) && Evaluate(expression) is 0;

        private bool DependsOnEntity(Expression expression)
        {
            var search = new Search(entity);
            search.Visit(expression);
            return search.Found;
        }

        private static Expression Unwrap(Expression expression) =>
            expression is UnaryExpression { NodeType: ExpressionType.Convert or ExpressionType.ConvertChecked or ExpressionType.TypeAs } unary ? Unwrap(unary.Operand) : expression;

        private static object? Evaluate(Expression expression) => expression is ConstantExpression constant
            ? constant.Value
            : Expression.Lambda(expression).Compile(preferInterpretation: true).DynamicInvoke();

        private static NotSupportedException Unsupported(Expression expression) =>
            new($"A table filter cannot hold '{expression}'; it takes comparisons of a property with a value, &&, ||, !, Equals, CompareTo and string.Compare. For a prefix use CompareTo(prefix) >= 0 and CompareTo(end) < 0.");
    }

    private sealed class Search(ParameterExpression parameter) : ExpressionVisitor
    {
        internal bool Found { get; private set; }

        protected override Expression VisitParameter(ParameterExpression node)
        {
            Found |= node == parameter;
            return node;
        }
    }
}
