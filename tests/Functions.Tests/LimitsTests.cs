using System.Globalization;
using System.Reflection;
using System.Text.RegularExpressions;
using Mlops.Core.Data;
using Mlops.Core.Learning.Onnx;
using Mlops.Storage;
using Mlops.TestKit;

namespace Mlops.Functions.Tests;

/// <summary>docs/limits.md says what the code does.</summary>
public partial class LimitsTests
{
    private const BindingFlags Any = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Static | BindingFlags.Instance;

    private static readonly Assembly[] _assemblies = [Assembly.Load("Mlops.Functions"), typeof(BatchLimits).Assembly, typeof(StorageNames).Assembly];

    [Fact]
    public void EveryNumber_IsThatOfItsConstant()
    {
        Dictionary<string, string> rows = Rows();
        Assert.NotEmpty(rows);
        Assert.All(rows, row => Assert.Equal(Shown(row.Key), row.Value));
    }

    [Theory]
    [InlineData(typeof(BatchLimits))]
    [InlineData(typeof(OnnxLimits))]
    public void EveryProperty_OfALimitsRecord_IsListed(Type limits) =>
        Assert.Empty(limits.GetProperties(BindingFlags.Public | BindingFlags.Instance).Select(property => $"{limits.Name}.{property.Name}").Except(Rows().Keys));

    private static Dictionary<string, string> Rows() => File.ReadLines(Repository.File("docs", "limits.md"))
        .Select(line => Row().Match(line))
        .Where(match => match.Success)
        .ToDictionary(match => match.Groups["constant"].Value, match => match.Groups["limit"].Value);

    private static string Shown(string constant)
    {
        string[] parts = constant.Split('.');
        Type type = Assert.Single(_assemblies.SelectMany(assembly => assembly.GetTypes()), candidate => candidate.Name == parts[0]);
        MemberInfo member = Assert.Single(type.GetMember(parts[1], MemberTypes.Field | MemberTypes.Property, Any));
        object? value = member switch
        {
            FieldInfo field => field.GetValue(null),
            PropertyInfo property => property.GetValue(type.GetProperty("Default", Any)!.GetValue(null)),
            _ => null,
        };
        return value is TimeSpan time ? string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds} s") : Convert.ToInt64(value, CultureInfo.InvariantCulture).ToString("N0", CultureInfo.InvariantCulture);
    }

    [GeneratedRegex(@"^\|.*\| (?<limit>[^|]+) \| `(?<constant>\w+\.\w+)` \|$")]
    private static partial Regex Row();
}
