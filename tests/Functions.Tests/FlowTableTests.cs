using System.Reflection;
using System.Text.RegularExpressions;
using Microsoft.Azure.Functions.Worker;
using Mlops.TestKit;

namespace Mlops.Functions.Tests;

public partial class FlowTableTests
{
    private static readonly Assembly App = Assembly.Load("Mlops.Functions");

    [Fact]
    public void FlowTable_NamesEveryFunction_AndNoOther()
    {
        string[] inCode = [.. Functions().Select(function => function.Name).Order(StringComparer.Ordinal)];
        string[] inTable = [.. Rows().SelectMany(row => Names(row.Functions)).Order(StringComparer.Ordinal)];
        Assert.Equal(inCode, inTable);
    }

    [Fact]
    public void FlowTable_PutsEveryFunction_IntoTheFolderOfItsStage()
    {
        Dictionary<string, string> stageOf = Functions().ToDictionary(function => function.Name, function => function.Method.DeclaringType!.Namespace!.Split('.')[^1]);
        foreach ((string stage, string functions) in Rows())
        {
            foreach (string name in Names(functions))
            {
                Assert.Equal(stage.Split(' ')[0], stageOf[name]);
            }
        }
    }

    [Fact]
    public void Readme_CarriesTheSameTable()
    {
        string[] table = [.. File.ReadLines(Repository.File("functions", "README.md")).Where(line => line.StartsWith('|'))];
        Assert.NotEmpty(table);
        Assert.Contains(string.Join('\n', table), File.ReadAllText(Repository.File("README.md")).ReplaceLineEndings("\n"), StringComparison.Ordinal);
    }

    private static IEnumerable<(string Name, MethodInfo Method)> Functions() => App.GetTypes()
        .SelectMany(type => type.GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly))
        .Select(method => (method.GetCustomAttribute<FunctionAttribute>()?.Name!, method))
        .Where(function => function.Item1 is not null);

    private static IEnumerable<(string Stage, string Functions)> Rows() => File.ReadLines(Repository.File("functions", "README.md"))
        .Where(line => line.StartsWith("| ", StringComparison.Ordinal))
        .Skip(1)
        .Select(line => line.Split('|'))
        .Select(cells => (cells[1].Trim(), cells[2]));

    private static IEnumerable<string> Names(string cell) => Name().Matches(cell).Select(match => match.Groups[1].Value);

    [GeneratedRegex("`([A-Za-z0-9]+)`")]
    private static partial Regex Name();
}
