namespace Mlops.Functions;

/// <summary>Ids of pipelines, runs and reports as they come from outside: a bounded set of harmless characters, before they become part of a key or a path.</summary>
internal static class PipelineIds
{
    public static bool IsValid(string id) => id.Length is > 0 and <= 100 && id.All(character => char.IsAsciiLetterOrDigit(character) || character == '-');

    /// <summary>The model that a pipeline belongs to: its id is the model's name, a hyphen and 16 hexadecimal digits.</summary>
    public static string ModelOf(string pipeline) => pipeline.LastIndexOf('-') is > 0 and var end ? pipeline[..end] : string.Empty;
}
