namespace Mlops.Core.Learning.Search;

/// <summary>A setting to search over, as data.</summary>
/// <param name="Name">The setting's name.</param>
/// <param name="Minimum">The least value; unused with <paramref name="Choices"/>.</param>
/// <param name="Maximum">The largest value; unused with <paramref name="Choices"/>.</param>
/// <param name="Logarithmic">Whether ratios matter rather than differences; needs a minimum above 0.</param>
/// <param name="Whole">Whether only whole numbers make sense.</param>
/// <param name="Choices">Values without order, instead of a range; null for a range.</param>
public sealed record SearchParameter(
    string Name, double Minimum = 0, double Maximum = 0, bool Logarithmic = false, bool Whole = false, IReadOnlyList<double>? Choices = null)
{
    /// <summary>The value at a position in [0, 1] of the range, or the choice there.</summary>
    public double At(double unit)
    {
        unit = Math.Clamp(unit, 0, 1);
        if (Choices is not null)
        {
            return Choices[Math.Min(Choices.Count - 1, (int)(unit * Choices.Count))];
        }

        // Whole numbers get equal shares: the range is widened by half a step on both sides.
        double low = Whole ? Minimum - 0.5 : Minimum;
        double high = Whole ? Maximum + 0.5 : Maximum;
        double value = Logarithmic ? Math.Exp(Math.Log(low) + (unit * (Math.Log(high) - Math.Log(low)))) : low + (unit * (high - low));
        return Whole ? Math.Clamp(Math.Round(value), Minimum, Maximum) : Math.Clamp(value, Minimum, Maximum);
    }

    /// <summary>The position in [0, 1] of a value, the middle of a choice's share.</summary>
    public double Position(double value)
    {
        if (Choices is not null)
        {
            int index = Choices.ToList().IndexOf(value);
            return index < 0 ? 0.5 : (index + 0.5) / Choices.Count;
        }

        double low = Whole ? Minimum - 0.5 : Minimum;
        double high = Whole ? Maximum + 0.5 : Maximum;
        double unit = Logarithmic ? (Math.Log(value) - Math.Log(low)) / (Math.Log(high) - Math.Log(low)) : (value - low) / (high - low);
        return double.IsNaN(unit) ? 0.5 : Math.Clamp(unit, 0, 1);
    }

    /// <summary>What is wrong with it, one sentence each.</summary>
    internal IEnumerable<string> Check()
    {
        if (Choices is not null)
        {
            if (Choices.Count == 0 || Choices.Any(c => !double.IsFinite(c)) || Choices.Distinct().Count() < Choices.Count)
            {
                yield return $"Search parameter '{Name}': expected at least one choice, all finite and distinct.";
            }
        }
        else if (!(Minimum <= Maximum) || !double.IsFinite(Minimum) || !double.IsFinite(Maximum))
        {
            yield return FormattableString.Invariant($"Search parameter '{Name}': found {Minimum} … {Maximum}, expected a finite minimum not above the maximum.");
        }
        else if (Logarithmic && !(Minimum > (Whole ? 0.5 : 0)))
        {
            yield return FormattableString.Invariant($"Search parameter '{Name}': found minimum {Minimum}, expected one above 0 for a logarithmic range.");
        }
        else if (Whole && (Minimum != Math.Floor(Minimum) || Maximum != Math.Floor(Maximum)))
        {
            yield return FormattableString.Invariant($"Search parameter '{Name}': found {Minimum} … {Maximum}, expected whole numbers.");
        }
    }
}
