using System.Diagnostics;
using System.Text.Json;

namespace Mlops.Infra.Tests.Bicep;

/// <summary>One parsed Bicep file: its declarations by name.</summary>
internal sealed class BicepFile
{
    private static readonly Lazy<IReadOnlyDictionary<string, BicepFile>> Parsed = new(ParseAll);

    private BicepFile(string path, SyntaxNode root)
    {
        Path = path;
        Root = root;
        SyntaxNode[] pendingDecorators = [];
        foreach (var node in root.Children)
        {
            switch (node.Type)
            {
                case "decorators":
                    pendingDecorators = [.. node.Children];
                    continue;
                case "parameter_declaration":
                    Parameters.Add(NameOf(node), new BicepParameter(node, pendingDecorators));
                    break;
                case "variable_declaration":
                    Variables.Add(NameOf(node), node.Named.Last());
                    break;
                case "resource_declaration":
                    Resources.Add(NameOf(node), node);
                    break;
                case "module_declaration":
                    Modules.Add(NameOf(node), node);
                    break;
                case "output_declaration":
                    Outputs.Add(NameOf(node), node.Named.Last());
                    break;
                case "comment" or "target_scope_assignment":
                    break;
                default:
                    throw new BicepException(node, $"a declaration of type '{node.Type}', which the checker does not know");
            }

            pendingDecorators = [];
        }
    }

    /// <summary>All templates under infra/, by path relative to the repository.</summary>
    public static IReadOnlyDictionary<string, BicepFile> All => Parsed.Value;

    /// <summary>The template that azd deploys.</summary>
    public static BicepFile Main => All["infra/main.bicep"];

    /// <summary>Path relative to the repository.</summary>
    public string Path { get; }

    /// <summary>Root of the syntax tree.</summary>
    public SyntaxNode Root { get; }

    /// <summary>Parameters in source order.</summary>
    public Dictionary<string, BicepParameter> Parameters { get; } = [];

    /// <summary>Expressions of the variables.</summary>
    public Dictionary<string, SyntaxNode> Variables { get; } = [];

    /// <summary>Top-level resource declarations, existing ones included.</summary>
    public Dictionary<string, SyntaxNode> Resources { get; } = [];

    /// <summary>Module declarations.</summary>
    public Dictionary<string, SyntaxNode> Modules { get; } = [];

    /// <summary>Expressions of the outputs.</summary>
    public Dictionary<string, SyntaxNode> Outputs { get; } = [];

    /// <summary>The template that a module declaration of this file names.</summary>
    public BicepFile Target(SyntaxNode module)
    {
        var reference = LiteralOf(module.Child("string")!);
        var path = System.IO.Path.GetRelativePath(Repository.Root, System.IO.Path.Combine(Repository.Root, System.IO.Path.GetDirectoryName(Path)!, reference)).Replace('\\', '/');
        return All.TryGetValue(path, out var target) ? target : throw new BicepException(module, $"module '{reference}' does not exist at '{path}'");
    }

    /// <summary>Name that a declaration introduces.</summary>
    public static string NameOf(SyntaxNode declaration) => declaration.Child("identifier")!.Text;

    /// <summary>Text of a string without interpolation.</summary>
    public static string LiteralOf(SyntaxNode text)
    {
        if (text.Child("interpolation") is { } interpolation)
        {
            throw new BicepException(interpolation, "an interpolation where a literal is expected");
        }

        return text.Text.Trim('\'');
    }

    /// <summary>Syntax tree of Bicep text that is in no file, for tests of the checker itself.</summary>
    public static SyntaxNode ParseTree(string source)
    {
        var file = System.IO.Path.GetTempFileName();
        try
        {
            System.IO.File.WriteAllText(file, source);
            using var trees = Run([file]);
            return SyntaxNode.FromJson("inline.bicep", source, trees.RootElement[0]);
        }
        finally
        {
            System.IO.File.Delete(file);
        }
    }

    /// <summary>Declarations of Bicep text that is in no file, for tests of the checker itself.</summary>
    public static BicepFile Parse(string source) => new("infra/inline.bicep", ParseTree(source));

    private static Dictionary<string, BicepFile> ParseAll()
    {
        var paths = Repository.Files("infra", "*.bicep");
        using var trees = Run(paths.Select(Repository.PathOf));
        return paths.Zip(trees.RootElement.EnumerateArray()).ToDictionary(
            pair => pair.First,
            pair => new BicepFile(pair.First, SyntaxNode.FromJson(pair.First, Repository.Read(pair.First), pair.Second)));
    }

    private static JsonDocument Run(IEnumerable<string> files)
    {
        var script = System.IO.Path.Combine(AppContext.BaseDirectory, "Bicep", "syntax-tree.js");
        var start = new ProcessStartInfo("node") { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in new[] { script, Repository.Root }.Concat(files))
        {
            start.ArgumentList.Add(argument);
        }

        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0
            ? JsonDocument.Parse(output, new JsonDocumentOptions { MaxDepth = 512 })
            : throw new InvalidOperationException($"node {script} ended with {process.ExitCode}: {errors.Result}");
    }
}
