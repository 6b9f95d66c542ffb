namespace Mlops.Functions;

/// <summary>Cuts texts that cross an orchestration, so that no payload grows with the data.</summary>
public static class Bounded
{
    /// <summary>Characters of a reason at most.</summary>
    public const int MaximumReason = 1_000;

    /// <summary>The reason, cut with an ellipsis when it is too long.</summary>
    public static string Reason(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return text.Length <= MaximumReason ? text : text[..(MaximumReason - 1)] + "…";
    }
}
