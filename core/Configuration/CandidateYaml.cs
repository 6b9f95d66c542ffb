using Mlops.Core.Data;
using Mlops.Core.Learning;
using Mlops.Core.Learning.Search;

namespace Mlops.Core.Configuration;

/// <summary>The list of candidates in <c>model.yaml</c>: trainers with parameters, each a number, a range <c>{from, to, scale}</c> or a list of choices.</summary>
internal static class CandidateYaml
{
    /// <summary>Candidates with ranges at most: each has a search of its own.</summary>
    public const int MaxSpaces = 5;

    private const int MaxCandidates = 200;
    private const int MaxParameters = 50;
    private const int MaxChoices = 50;

    /// <summary>The candidates in canonical form.</summary>
    public static IEnumerable<string> Show(TrainingOptions training) =>
        training.Candidates.Select(candidate => Show(candidate, [])).Concat(training.Spaces.Select(space => Show(space.Fixed, space.Space.Parameters)));

    public static ModelConfiguration Apply(ModelConfiguration c, YamlNode node, Complaints complaints)
    {
        const string Expected = "a list of at most 200 candidates, such as [{trainer: linear, parameters: {strength: 0.1}}]";
        if (node is not YamlList { Items.Count: <= MaxCandidates } list)
        {
            return complaints.Add(c, node, Expected);
        }

        List<CandidateSpec> candidates = [];
        List<CandidateSpace> spaces = [];
        foreach (YamlNode item in list.Items)
        {
            if (!TryCandidate(item, out CandidateSpace? candidate, out YamlNode wrong, out string expected))
            {
                complaints.Add(c, wrong, expected);
                continue;
            }

            bool isFixed = candidate.Space.Parameters.Count == 0;
            foreach (string error in isFixed ? Candidates.Check(candidate.Fixed) : candidate.Check())
            {
                complaints.Add(item.Line, complaints.Key, error.TrimEnd('.'), "a trainer and parameters that it has");
            }

            if (isFixed)
            {
                candidates.Add(candidate.Fixed);
            }
            else
            {
                spaces.Add(candidate);
            }
        }

        return spaces.Count > MaxSpaces
            ? complaints.Add(c, node, $"at most {MaxSpaces} candidates with ranges")
            : c with { Training = c.Training with { Candidates = candidates, Spaces = spaces } };
    }

    private static bool TryCandidate(YamlNode node, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out CandidateSpace? candidate, out YamlNode wrong, out string expected)
    {
        candidate = null;
        wrong = node;
        expected = "a trainer with its parameters, such as {trainer: linear, parameters: {strength: 0.1}}";
        if (node is not YamlMap map)
        {
            return false;
        }

        string? trainer = null;
        YamlMap? parameters = null;
        foreach ((YamlScalar key, YamlNode value) in map.Entries)
        {
            wrong = value;
            switch (key.Text)
            {
                case "trainer" when value is YamlScalar scalar && IsIdentifier(scalar.Text):
                    trainer = scalar.Text;
                    break;
                case "trainer":
                    expected = "the name of a trainer: a letter, then letters, digits and '-'";
                    return false;
                case "parameters" when value is YamlMap { Entries.Count: <= MaxParameters } entries:
                    parameters = entries;
                    break;
                case "parameters":
                    expected = "at most 50 names with numbers, such as {strength: 0.1}";
                    return false;
                default:
                    (wrong, expected) = (key, "'trainer' or 'parameters'");
                    return false;
            }
        }

        wrong = node;
        return trainer is not null && TryParameters(trainer, parameters?.Entries ?? [], out candidate, ref wrong, ref expected);
    }

    private static bool TryParameters(
        string trainer, IReadOnlyList<(YamlScalar Key, YamlNode Value)> entries, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out CandidateSpace? candidate, ref YamlNode wrong, ref string expected)
    {
        candidate = null;
        SortedDictionary<string, double> numbers = new(StringComparer.Ordinal);
        List<SearchParameter> ranges = [];
        IReadOnlyList<TrainerParameter> known = Candidates.Trainers.Contains(trainer, StringComparer.Ordinal) ? Candidates.Parameters(trainer) : [];
        foreach ((YamlScalar name, YamlNode value) in entries)
        {
            TrainerParameter? parameter = known.FirstOrDefault(p => p.Name == name.Text);
            if (IsIdentifier(name.Text) && TryValue(parameter, value, out double number))
            {
                numbers[name.Text] = number;
            }
            else if (IsIdentifier(name.Text) && TryRange(parameter, name.Text, value, out SearchParameter? range))
            {
                ranges.Add(range);
            }
            else
            {
                (wrong, expected) = (value, $"{(parameter?.Choices is { } choices ? $"one of {string.Join(", ", choices)}" : "a number")} for the parameter '{Excerpt.Of(name.Text)}', a range such as {{from: 0.01, to: 0.3, scale: log}}, or a list of at most {MaxChoices} numbers");
                return false;
            }
        }

        candidate = new CandidateSpace(new CandidateSpec(trainer, numbers), new SearchSpace([.. ranges.OrderBy(range => range.Name, StringComparer.Ordinal)]));
        return true;
    }

    private static bool TryRange(TrainerParameter? parameter, string name, YamlNode node, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out SearchParameter? range)
    {
        range = null;
        if (node is YamlList { Items.Count: > 0 and <= MaxChoices } list)
        {
            double[] choices = [.. list.Items.Select(item => TryValue(parameter, item, out double choice) ? choice : double.NaN)];
            range = new SearchParameter(name, Choices: choices);
            return !choices.Any(double.IsNaN);
        }

        double? from = null, to = null;
        bool logarithmic = false;
        foreach ((YamlScalar key, YamlNode value) in (node as YamlMap)?.Entries ?? [])
        {
            switch (key.Text)
            {
                case "from" when TryNumber(value, out double number):
                    from = number;
                    break;
                case "to" when TryNumber(value, out double number):
                    to = number;
                    break;
                case "scale" when value is YamlScalar { Text: "log" or "linear" } scale:
                    logarithmic = scale.Text == "log";
                    break;
                default:
                    return false;
            }
        }

        if (from is not { } minimum || to is not { } maximum)
        {
            return false;
        }

        range = new SearchParameter(name, minimum, maximum, logarithmic, parameter?.Whole == true);
        return true;
    }

    // A number, or the name of one of the parameter's choices.
    private static bool TryValue(TrainerParameter? parameter, YamlNode node, out double number)
    {
        int choice = node is YamlScalar { IsPlain: true } scalar ? parameter?.Choices?.ToList().IndexOf(scalar.Text) ?? -1 : -1;
        number = choice;
        return choice >= 0 || TryNumber(node, out number);
    }

    private static bool TryNumber(YamlNode node, out double number)
    {
        number = double.NaN;
        return node is YamlScalar { IsPlain: true } scalar && Setting.TryNumber(scalar.Text, out number);
    }

    private static string Show(CandidateSpec spec, IReadOnlyList<SearchParameter> ranges)
    {
        IEnumerable<(string Name, string Value)> parameters = spec.Parameters.Select(p => (p.Key, Setting.Digits(p.Value))).Concat(ranges.Select(range => (range.Name, Show(range))));
        return $"{spec.Trainer} {{{string.Join(", ", parameters.OrderBy(p => p.Name, StringComparer.Ordinal).Select(p => $"{p.Name}: {p.Value}"))}}}";
    }

    private static string Show(SearchParameter range) => range.Choices is { } choices
        ? $"[{string.Join(", ", choices.Select(Setting.Digits))}]"
        : $"{Setting.Digits(range.Minimum)} … {Setting.Digits(range.Maximum)}{(range.Logarithmic ? " log" : "")}";

    private static bool IsIdentifier(string text) =>
        text.Length is > 0 and <= 64 && char.IsAsciiLetter(text[0]) && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_');
}
