using System.Globalization;
using Mlops.Core.Learning.Search;

namespace Mlops.Functions.Training;

/// <summary>Where the searches of a pipeline stand when a round has been asked for: an artifact per round, each made from the one before and what it measured.</summary>
/// <param name="Searches">All searches of the plan.</param>
/// <param name="Asked">The trials of this round.</param>
public sealed record SearchRound(IReadOnlyList<CandidateSearch> Searches, IReadOnlyList<TrialKey> Asked)
{
    /// <summary>The artifact of a round.</summary>
    public static string Artifact(string model, string pipeline, int round) => string.Create(CultureInfo.InvariantCulture, $"{model}/{pipeline}/search/{round:D4}.json");

    /// <summary>A trial.</summary>
    public Trial this[TrialKey key] => Searches[key.Search].State.Trials[key.Number];

    /// <summary>This round told what its trials measured, and the next ones asked for: in turn from every search, until there are enough or none is left.</summary>
    /// <param name="told">The values of all trials of this round.</param>
    /// <param name="parallel">Trials at most; 0 asks for none.</param>
    public SearchRound Next(IEnumerable<TrialScore> told, int parallel)
    {
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
