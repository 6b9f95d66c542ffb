using System.Globalization;

namespace Mlops.Core.Learning;

/// <summary>A setting of a trainer: what configuration may say, and what a search may try.</summary>
/// <param name="Name">The name in <see cref="CandidateSpec.Parameters"/>.</param>
/// <param name="Minimum">The least value.</param>
/// <param name="Maximum">The largest value.</param>
/// <param name="Default">The value when nothing is said.</param>
/// <param name="Whole">Whether only whole numbers make sense.</param>
/// <param name="Description">What it does, in one line.</param>
public sealed record TrainerParameter(string Name, double Minimum, double Maximum, double Default, bool Whole, string Description)
{
    /// <summary>Names that may be written instead of 0, 1, 2 …; null when the value is a quantity.</summary>
    public IReadOnlyList<string>? Choices { get; init; }

    /// <summary>A value as a person would write it.</summary>
    public string Show(double value) => Choices is null ? value.ToString("R", CultureInfo.InvariantCulture) : Choices[(int)value];

    /// <summary>The values that are allowed, in words.</summary>
    public string Range => Choices is null
        ? string.Create(CultureInfo.InvariantCulture, $"{Minimum:R} … {Maximum:R}{(Whole ? ", whole" : string.Empty)}")
        : string.Join(", ", Choices);

    /// <summary>A setting that is one of several names; the first is 0.</summary>
    public static TrainerParameter Choice(string name, IReadOnlyList<string> choices, string chosen, string description)
    {
        ArgumentNullException.ThrowIfNull(choices);
        return new(name, 0, choices.Count - 1, choices.ToList().IndexOf(chosen), true, description) { Choices = choices };
    }

    /// <summary>A setting that is true or false.</summary>
    public static TrainerParameter Flag(string name, bool standard, string description) => Choice(name, ["false", "true"], standard ? "true" : "false", description);
}
