using Mlops.Infra.Tests.Bicep;

namespace Mlops.Infra.Tests;

/// <summary>The templates parse, and every name in them means something.</summary>
public class SyntaxTests
{
    [Fact]
    public void Templates_Parsed_HaveNoErrorNodes()
    {
        Assert.True(BicepFile.All.Count > 10, "infra/ has lost its templates.");
        Assert.Empty(from file in BicepFile.All.Values
                     from node in file.Root.All()
                     where node.Type == "ERROR" || node.Type.StartsWith("MISSING", StringComparison.Ordinal)
                     select node.Where);
    }

    [Fact]
    public void Parser_BrokenTemplate_YieldsErrorNodes() =>
        Assert.Contains(BicepFile.ParseTree("resource a 'T@v' = {\n  name: \n").All(), node => node.Type == "ERROR" || node.Type.StartsWith("MISSING", StringComparison.Ordinal));

    [Fact]
    public void Names_InExpressions_AreDeclared()
    {
        foreach (var file in BicepFile.All.Values)
        {
            var declared = Declared(file);
            Assert.Empty(Uses(file).Where(use => !declared.Contains(use.Text)).Select(use => $"{use.Where}: {use.Text}"));
        }
    }

    [Fact]
    public void ParametersVariablesAndModules_Declared_AreUsed()
    {
        foreach (var file in BicepFile.All.Values)
        {
            var used = Uses(file).Select(use => use.Text).ToHashSet();
            Assert.Empty(file.Parameters.Keys.Concat(file.Variables.Keys).Where(name => !used.Contains(name)).Select(name => $"{file.Path}: {name}"));
        }
    }

    [Fact]
    public void ModuleFiles_InFolder_AreDeployedByMain()
    {
        var deployed = BicepFile.Main.Modules.Values.Select(module => BicepFile.Main.Target(module).Path).ToHashSet();
        Assert.Equal(BicepFile.All.Keys.Where(path => path != "infra/main.bicep").Order(), deployed.Order());
    }

    [Fact]
    public void ModuleParameters_Given_AreDeclaredAndComplete()
    {
        foreach (var (name, module) in BicepFile.Main.Modules)
        {
            var target = BicepFile.Main.Target(module);
            var given = module.All().First(node => node.Type == "object_property" && node.Named.First().Text == "params").Named.Last();
            var names = Evaluator.Properties(given).Select(property => property.Key).ToHashSet();
            Assert.True(names.SetEquals(target.Parameters.Keys), $"module {name}: given {string.Join(", ", names.Except(target.Parameters.Keys))} that {target.Path} does not declare, or missing {string.Join(", ", target.Parameters.Keys.Except(names))}.");
        }
    }

    [Fact]
    public void ModuleOutputs_Used_AreDeclared()
    {
        var main = BicepFile.Main;
        var uses = from node in main.Root.All()
                   where node.Type == "member_expression" && node.InField("object") is { Type: "member_expression" } outputs && outputs.InField("property").Text == "outputs"
                   let module = node.InField("object").InField("object").Text
                   select (Module: module, Output: node.InField("property").Text, node.Where);
        Assert.NotEmpty(uses);
        Assert.Empty(uses.Where(use => !main.Target(main.Modules[use.Module]).Outputs.ContainsKey(use.Output)).Select(use => $"{use.Where}: {use.Module} has no output {use.Output}"));
    }

    [Fact]
    public void Parameters_OfEveryTemplate_AreDescribed() =>
        Assert.Empty(from file in BicepFile.All.Values
                     from parameter in file.Parameters
                     where !parameter.Value.Decorators.ContainsKey("description")
                     select $"{file.Path}: {parameter.Key}");

    private static HashSet<string> Declared(BicepFile file) =>
    [
        .. file.Parameters.Keys,
        .. file.Variables.Keys,
        .. file.Resources.Keys,
        .. file.Modules.Keys,
        .. from loop in file.Root.All()
           where loop.Type == "for_statement"
           from name in loop.Child("for_loop_parameters")?.Named ?? [loop.Named.First()]
           select name.Text,
    ];

    // Identifiers that are neither what a declaration introduces, nor a key, a function, a type or a loop's own variable.
    private static IEnumerable<SyntaxNode> Uses(BicepFile file) => Uses(file.Root);

    private static IEnumerable<SyntaxNode> Uses(SyntaxNode node)
    {
        for (var i = 0; i < node.Children.Count; i++)
        {
            var child = node.Children[i];
            if (child.Type == "identifier")
            {
                var isIntroduced = node.Type.EndsWith("_declaration", StringComparison.Ordinal) && node.Child("identifier") == child;
                var isKey = node.Type == "object_property" && i == 0;
                if (!isIntroduced && !isKey && child.Field is not ("function" or "initializer"))
                {
                    yield return child;
                }
            }
            else if (child.Type is not ("type" or "nullable_type" or "decorators" or "for_loop_parameters"))
            {
                foreach (var use in Uses(child))
                {
                    yield return use;
                }
            }
        }
    }
}
