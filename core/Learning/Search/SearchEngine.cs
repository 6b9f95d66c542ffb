namespace Mlops.Core.Learning.Search;

/// <summary>Ask for a trial, measure it, tell the value; in any order and number at a time. Pure: every step gives a new state.</summary>
/// <remarks>A suggestion depends on the seed, the trial's number and the trials told before it, on nothing else.</remarks>
public static class SearchEngine
{
    /// <summary>A search that has not begun.</summary>
    /// <exception cref="ArgumentException">Space or options are not well-formed; the message names everything that is wrong.</exception>
    public static SearchState Start(SearchSpace space, SearchOptions options)
    {
        ArgumentNullException.ThrowIfNull(space);
        ArgumentNullException.ThrowIfNull(options);
        string[] errors = [.. space.Check(), .. options.Check()];
        return errors.Length == 0 ? new SearchState(space, options, []) : throw new ArgumentException(string.Join(" ", errors));
    }

    /// <summary>The next trial; null when the search is over, or must be told running trials first (<see cref="IsOver"/> says which).</summary>
    public static (SearchState State, Trial? Trial) Ask(SearchState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        (Trial? promoted, Slot? slot) = Schedules.Next(state);
        Trial? next = promoted ?? (slot is null ? null : New(state, slot));
        return next is null ? (state, null) : (state with { Trials = [.. state.Trials, next] }, next);
    }

    /// <summary>Records what a trial measured. Telling the same value twice changes nothing.</summary>
    /// <exception cref="ArgumentException">There is no such trial, it was told another value, or the value is not finite.</exception>
    public static SearchState Tell(SearchState state, int number, double value)
    {
        ArgumentNullException.ThrowIfNull(state);
        if (!double.IsFinite(value))
        {
            throw new ArgumentException($"Trial {number} was told {value}; expected a finite number. Report a trial that cannot be measured as failed.", nameof(value));
        }

        return Finish(state, number, TrialState.Done, value);
    }

    /// <summary>Records that a trial could not be measured: it counts as worse than all others.</summary>
    /// <exception cref="ArgumentException">There is no such trial, or it was told a value.</exception>
    public static SearchState Fail(SearchState state, int number)
    {
        ArgumentNullException.ThrowIfNull(state);
        return Finish(state, number, TrialState.Failed, null);
    }

    /// <summary>Whether nothing is left to ask or to tell.</summary>
    public static bool IsOver(SearchState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        return state.Trials.All(t => t.State != TrialState.Running) && Ask(state).Trial is null;
    }

    /// <summary>The best trial among those with the largest budget told so far; the first of equal ones; null before any.</summary>
    public static Trial? Best(SearchState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        Trial[] done = [.. state.Trials.Where(t => t.State == TrialState.Done)];
        if (done.Length == 0)
        {
            return null;
        }

        double budget = done.Max(t => t.Budget);
        return done.Where(t => t.Budget == budget).MinBy(t => Loss(state.Options, t));
    }

    /// <summary>The <see cref="Trial.Configuration"/> of all settings that were measured on a part of the budget and go no further.</summary>
    public static IReadOnlySet<int> Pruned(SearchState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        return Schedules.Pruned(state).ToHashSet();
    }

    /// <summary>A value where less is better; infinite for a failed trial.</summary>
    internal static double Loss(SearchOptions options, Trial trial) =>
        trial.Value is { } value ? (options.HigherIsBetter ? -value : value) : double.PositiveInfinity;

    private static Trial New(SearchState state, Slot slot)
    {
        int configuration = state.Trials.Count == 0 ? 0 : state.Trials.Max(t => t.Configuration) + 1;
        SeededRandom random = new(SeededRandom.Mix(state.Options.Seed, (ulong)configuration));
        double[] unit = state.Options.Sampler == SearchSampler.Tpe
            ? TpeSampler.Sample(state, random)
            : [.. state.Space.Parameters.Select(_ => random.NextDouble())];
        Dictionary<string, double> parameters = new(StringComparer.Ordinal);
        for (int j = 0; j < unit.Length; j++)
        {
            parameters.Add(state.Space.Parameters[j].Name, state.Space.Parameters[j].At(unit[j]));
        }

        return new Trial(state.Trials.Count, configuration, parameters, slot.Budget, slot.Bracket, 0, TrialState.Running, null);
    }

    private static SearchState Finish(SearchState state, int number, TrialState outcome, double? value)
    {
        Trial trial = number >= 0 && number < state.Trials.Count
            ? state.Trials[number]
            : throw new ArgumentException($"There is no trial {number}; {state.Trials.Count} were asked for.", nameof(number));
        if (trial.State != TrialState.Running)
        {
            return trial.State == outcome && trial.Value == value
                ? state
                : throw new ArgumentException(FormattableString.Invariant($"Trial {number} is {trial.State} with value {trial.Value}; found {outcome} with {value}."), nameof(number));
        }

        Trial[] trials = [.. state.Trials];
        trials[number] = trial with { State = outcome, Value = value };
        return state with { Trials = trials };
    }
}
