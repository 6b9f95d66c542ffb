namespace Mlops.Core.Learning.Search;

/// <summary>Where several searches stand when a round of trials has been asked for; the next round is made from it and what its trials measured.</summary>
/// <param name="Searches">All searches.</param>
/// <param name="Asked">The trials of this round.</param>
public sealed record SearchRound(IReadOnlyList<CandidateSearch> Searches, IReadOnlyList<TrialKey> Asked)
{
    /// <summary>A trial.</summary>
    public Trial this[TrialKey key]
    {
        get
        {
            ArgumentNullException.ThrowIfNull(key);
            return Searches[key.Search].State.Trials[key.Number];
        }
    }

    /// <summary>This round told what its trials measured, and the next ones asked for: in turn from every search, until there are enough or none is left.</summary>
    /// <param name="told">The values of all trials of this round.</param>
    /// <param name="parallel">Trials at most; 0 asks for none.</param>
    public SearchRound Next(IEnumerable<TrialScore> told, int parallel)
    {
        ArgumentNullException.ThrowIfNull(told);
        SearchState[] states = [.. Searches.Select(search => search.State)];
        foreach (TrialScore score in told)
        {
            states[score.Trial.Search] = score.Value is { } value && double.IsFinite(value)
                ? SearchEngine.Tell(states[score.Trial.Search], score.Trial.Number, value)
                : SearchEngine.Fail(states[score.Trial.Search], score.Trial.Number);
        }

        List<TrialKey> asked = [];
        for (int before = -1; asked.Count < parallel && asked.Count > before;)
        {
            before = asked.Count;
            for (int s = 0; s < states.Length && asked.Count < parallel; s++)
            {
                (states[s], Trial? trial) = SearchEngine.Ask(states[s]);
                if (trial is not null)
                {
                    asked.Add(new TrialKey(s, trial.Number));
                }
            }
        }

        return new SearchRound([.. Searches.Select((search, s) => search with { State = states[s] })], asked);
    }
}

/// <summary>A trial of one of several searches.</summary>
/// <param name="Search">The search, by its place.</param>
/// <param name="Number">The trial's number in it.</param>
public sealed record TrialKey(int Search, int Number);

/// <summary>What a trial measured.</summary>
/// <param name="Trial">The trial.</param>
/// <param name="Value">The metric that decides; null when it could not be measured.</param>
public sealed record TrialScore(TrialKey Trial, double? Value);
