namespace Mlops.Core.Learning.Search;

/// <summary>Which trial comes next: a setting that goes on, or a place for a new one.</summary>
internal static class Schedules
{
    /// <summary>Both null when everything is asked for, or a rung must be told first.</summary>
    public static (Trial? Promoted, Slot? New) Next(SearchState state)
    {
        foreach (Bracket bracket in Brackets(state.Options))
        {
            Trial[] own = [.. state.Trials.Where(t => t.Bracket == bracket.Number)];
            if (Promote(state, bracket, own) is { } promoted)
            {
                return (promoted, null);
            }

            if (own.Count(t => t.Rung == 0) < bracket.Settings)
            {
                return (null, new Slot(bracket.Number, bracket.Budget(0)));
            }
        }

        return (null, null);
    }

    /// <summary>The settings that were measured and go no further, because others of their rung were better.</summary>
    public static IEnumerable<int> Pruned(SearchState state) => Brackets(state.Options).SelectMany(bracket =>
        CompleteRungs(state, bracket, [.. state.Trials.Where(t => t.Bracket == bracket.Number)]).SelectMany(rung => rung.Here.Where(t => t.State == TrialState.Done).Except(rung.Best))).Select(t => t.Configuration);

    /// <summary>The halvings of the schedule. Hyperband: bracket s starts ⌈(sₘₐₓ+1)/(s+1)·ηˢ⌉ settings at budget η⁻ˢ.</summary>
    private static IEnumerable<Bracket> Brackets(SearchOptions options)
    {
        // A guard against 1/9 = 0.1111…: the logarithm must come out as 2, not 1.9999.
        int rungs = options.Schedule == SearchSchedule.Full ? 0 : (int)Math.Floor(Math.Log(1 / options.MinBudget, options.Reduction) + 1e-9);
        if (options.Schedule != SearchSchedule.Hyperband)
        {
            yield return new Bracket(0, rungs, options.MaxTrials, options.Reduction);
            yield break;
        }

        int left = options.MaxTrials;
        for (int s = rungs; s >= 0 && left > 0; s--)
        {
            int settings = Math.Min(left, (int)Math.Ceiling((rungs + 1.0) / (s + 1) * Math.Pow(options.Reduction, s)));
            left -= settings;
            yield return new Bracket(rungs - s, s, settings, options.Reduction);
        }
    }

    /// <summary>The next setting that goes on, once its whole rung is told.</summary>
    private static Trial? Promote(SearchState state, Bracket bracket, Trial[] own)
    {
        foreach ((Trial[] here, Trial[] best) in CompleteRungs(state, bracket, own))
        {
            int rung = here[0].Rung;
            HashSet<int> gone = [.. own.Where(t => t.Rung == rung + 1).Select(t => t.Configuration)];
            if (best.FirstOrDefault(t => !gone.Contains(t.Configuration)) is { } trial)
            {
                return trial with { Number = state.Trials.Count, Rung = rung + 1, Budget = bracket.Budget(rung + 1), State = TrialState.Running, Value = null };
            }
        }

        return null;
    }

    /// <summary>The rungs below the last one that are told to the end, with those of their trials that go on.</summary>
    private static IEnumerable<(Trial[] Here, Trial[] Best)> CompleteRungs(SearchState state, Bracket bracket, Trial[] own)
    {
        int size = bracket.Settings;
        for (int rung = 0; rung < bracket.Rungs && size > 0; rung++)
        {
            Trial[] here = [.. own.Where(t => t.Rung == rung)];
            if (here.Length < size || here.Any(t => t.State == TrialState.Running))
            {
                yield break;
            }

            Trial[] best = [.. here.Where(t => t.State == TrialState.Done).OrderBy(t => SearchEngine.Loss(state.Options, t)).ThenBy(t => t.Configuration).Take(Math.Max(1, size / bracket.Reduction))];
            yield return (here, best);
            size = best.Length;
        }
    }

    private sealed record Bracket(int Number, int Rungs, int Settings, int Reduction)
    {
        public double Budget(int rung) => 1 / Math.Pow(Reduction, Rungs - rung);
    }
}
