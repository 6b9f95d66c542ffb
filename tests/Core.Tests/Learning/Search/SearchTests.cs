using System.Text.Json;
using Mlops.Core.Learning;
using Mlops.Core.Learning.Search;
using Xunit;

namespace Mlops.Core.Tests.Learning.Search;

public class SearchTests
{
    private static readonly SearchSpace Space = new(
    [
        new("rate", 1e-4, 1, Logarithmic: true),
        new("leaves", 2, 64, Whole: true),
        new("kind", Choices: [0, 1, 2]),
    ]);

    [Fact]
    public void Tpe_SmoothFunction_FindsBetterValuesThanRandom()
    {
        // Mean over seeds, so that luck does not decide.
        double Regret(SearchSampler sampler) => Enumerable.Range(0, 20).Average(seed => SearchEngine.Best(Run(new SearchOptions { Sampler = sampler, MaxTrials = 60, Seed = (ulong)seed }, Bowl))!.Value!.Value);

        Assert.True(Regret(SearchSampler.Tpe) < 0.5 * Regret(SearchSampler.Random));
    }

    [Theory]
    [InlineData(SearchSampler.Random, SearchSchedule.Full)]
    [InlineData(SearchSampler.Tpe, SearchSchedule.Full)]
    [InlineData(SearchSampler.Tpe, SearchSchedule.SuccessiveHalving)]
    [InlineData(SearchSampler.Random, SearchSchedule.Hyperband)]
    public void Ask_StoppedAndResumedFromJson_GoesOnExactly(SearchSampler sampler, SearchSchedule schedule)
    {
        SearchOptions options = new() { Sampler = sampler, Schedule = schedule, MaxTrials = 25, Seed = 4 };
        SearchState whole = Run(options, Bowl);

        SearchState resumed = SearchEngine.Start(Space, options);
        while (true)
        {
            resumed = JsonSerializer.Deserialize<SearchState>(JsonSerializer.Serialize(resumed))!;
            (resumed, Trial? trial) = SearchEngine.Ask(resumed);
            if (trial is null)
            {
                break;
            }

            resumed = SearchEngine.Tell(resumed, trial.Number, Bowl(trial));
        }

        Assert.Equal(JsonSerializer.Serialize(whole), JsonSerializer.Serialize(resumed));
    }

    [Fact]
    public void SuccessiveHalving_TwentySeven_GoesOnByThirds()
    {
        SearchState state = Run(new SearchOptions { Schedule = SearchSchedule.SuccessiveHalving, Sampler = SearchSampler.Random, MaxTrials = 27 }, Bowl);

        Assert.Equal([27, 9, 3], state.Trials.GroupBy(t => t.Rung).OrderBy(g => g.Key).Select(g => g.Count()));
        Assert.Equal([1 / 9.0, 1 / 3.0, 1], state.Trials.GroupBy(t => t.Rung).OrderBy(g => g.Key).Select(g => g.First().Budget));

        // Exactly the best of each rung went on.
        for (int rung = 0; rung < 2; rung++)
        {
            int[] best = [.. state.Trials.Where(t => t.Rung == rung).OrderBy(t => t.Value).Take(rung == 0 ? 9 : 3).Select(t => t.Configuration).Order()];
            Assert.Equal(best, state.Trials.Where(t => t.Rung == rung + 1).Select(t => t.Configuration).Order());
        }

        Assert.Equal(1, SearchEngine.Best(state)!.Budget);
    }

    [Fact]
    public void Pruned_SuccessiveHalving_IsWhoDidNotGoOn_OnceTheRungIsTold()
    {
        SearchOptions options = new() { Schedule = SearchSchedule.SuccessiveHalving, Sampler = SearchSampler.Random, MaxTrials = 9, MinBudget = 1.0 / 3 };
        SearchState state = Run(options, Bowl);
        int[] first = [.. state.Trials.Where(t => t.Rung == 0).OrderBy(t => t.Value).Select(t => t.Configuration)];
        Assert.Equal(first[3..].Order(), SearchEngine.Pruned(state).Order());

        // Before the last of the rung is told, any may still go on.
        SearchState early = state with { Trials = [.. state.Trials.Take(9).Select(t => t.Number == 4 ? t with { State = TrialState.Running, Value = null } : t)] };
        Assert.Empty(SearchEngine.Pruned(early));
    }

    [Theory]
    [InlineData(1.0 / 9, 5, 1)]
    [InlineData(1.0 / 3, 5, 2)]
    [InlineData(1.0 / 3, 3, 1)]
    [InlineData(1.0 / 27, 2, 1)]
    [InlineData(1.0, 5, 5)]
    public void Folds_OfABudget_AreItsShareRoundedUp(double budget, int folds, int expected) =>
        Assert.Equal(expected, CandidateSearch.Folds(new Trial(0, 0, new Dictionary<string, double>(), budget, 0, 0, TrialState.Running, null), folds));

    [Fact]
    public void Hyperband_NinthToWhole_HasTheBracketsOfThePaper()
    {
        SearchState state = Run(new SearchOptions { Schedule = SearchSchedule.Hyperband, Sampler = SearchSampler.Random, MaxTrials = 100 }, Bowl);

        // sₘₐₓ = 2: 9 → 3 → 1, 5 → 1, 3.
        Assert.Equal(["0/0:9", "0/1:3", "0/2:1", "1/0:5", "1/1:1", "2/0:3"], state.Trials.GroupBy(t => $"{t.Bracket}/{t.Rung}").OrderBy(g => g.Key, StringComparer.Ordinal).Select(g => $"{g.Key}:{g.Count()}"));
    }

    [Fact]
    public void Ask_ManyAtOnce_WaitsOnlyForWhatItMust()
    {
        SearchState state = SearchEngine.Start(Space, new SearchOptions { Schedule = SearchSchedule.SuccessiveHalving, MaxTrials = 9 });
        for (int i = 0; i < 9; i++)
        {
            (state, Trial? asked) = SearchEngine.Ask(state);
            Assert.NotNull(asked);
        }

        Assert.Null(SearchEngine.Ask(state).Trial);
        Assert.False(SearchEngine.IsOver(state));
        for (int i = 8; i >= 0; i--)
        {
            state = i == 4 ? SearchEngine.Fail(state, i) : SearchEngine.Tell(state, i, i);
        }

        (state, Trial? promoted) = SearchEngine.Ask(state);
        Assert.Equal(0, promoted!.Configuration);
        Assert.Equal(1, promoted.Rung);
        Assert.Equal(9, state.Trials.Take(9).Select(t => string.Join(',', t.Parameters.Values)).Distinct().Count());
    }

    [Fact]
    public void Ask_AllFailed_Ends()
    {
        SearchState state = SearchEngine.Start(Space, new SearchOptions { Schedule = SearchSchedule.Hyperband, MaxTrials = 20 });
        while (true)
        {
            (state, Trial? trial) = SearchEngine.Ask(state);
            if (trial is null)
            {
                break;
            }

            state = SearchEngine.Fail(state, trial.Number);
        }

        Assert.True(SearchEngine.IsOver(state));
        Assert.Null(SearchEngine.Best(state));
    }

    [Fact]
    public void Ask_ManyTrials_StayInsideTheSpace()
    {
        SearchState state = Run(new SearchOptions { MaxTrials = 150 }, Bowl);

        Assert.All(state.Trials, t =>
        {
            Assert.InRange(t.Parameters["rate"], 1e-4, 1);
            Assert.InRange(t.Parameters["leaves"], 2, 64);
            Assert.Equal(Math.Floor(t.Parameters["leaves"]), t.Parameters["leaves"]);
            Assert.Contains(t.Parameters["kind"], new double[] { 0, 1, 2 });
        });
    }

    [Fact]
    public void Tell_Twice_OnlyTheSameValueIsAccepted()
    {
        (SearchState state, _) = SearchEngine.Ask(SearchEngine.Start(Space, new SearchOptions()));
        state = SearchEngine.Tell(state, 0, 1.5);

        Assert.Same(state, SearchEngine.Tell(state, 0, 1.5));
        Assert.Throws<ArgumentException>(() => SearchEngine.Tell(state, 0, 2));
        Assert.Throws<ArgumentException>(() => SearchEngine.Tell(state, 7, 2));
        Assert.Throws<ArgumentException>(() => SearchEngine.Tell(state, 0, double.NaN));
    }

    [Fact]
    public void HigherIsBetter_Set_TurnsTheDirection()
    {
        SearchState state = Run(new SearchOptions { HigherIsBetter = true, MaxTrials = 20 }, t => -Bowl(t));

        Assert.Equal(state.Trials.Max(t => t.Value), SearchEngine.Best(state)!.Value);
    }

    [Fact]
    public void Start_WrongSpace_NamesEverything()
    {
        SearchSpace wrong = new([new("a", 2, 1), new("b", 0, 1, Logarithmic: true), new("c", Choices: []), new("d", 0.5, 2, Whole: true), new("d", 1, 2)]);

        ArgumentException error = Assert.Throws<ArgumentException>(() => SearchEngine.Start(wrong, new SearchOptions { MaxTrials = 0, Reduction = 1, MinBudget = 2, StartupTrials = 0 }));

        foreach (string part in new[] { "'a'", "'b'", "'c'", "'d': found 0.5", "'d' occurs 2 times", "'maxTrials'", "'reduction'", "'minBudget'", "'startupTrials'" })
        {
            Assert.Contains(part, error.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void ParameterImportance_OneSettingDecides_IsFirst()
    {
        SearchState state = Run(new SearchOptions { Sampler = SearchSampler.Random, MaxTrials = 80 }, t => Math.Pow(Math.Log10(t.Parameters["rate"]) + 2, 2) + (t.Parameters["leaves"] / 640));

        IReadOnlyList<FeatureImportance> importance = ParameterImportance.Of(state, TestContext.Current.CancellationToken);

        Assert.Equal("rate", importance[0].Feature);
        Assert.True(importance[0].Importance > 0.85);
        Assert.Equal(1, importance.Sum(i => i.Importance), 9);
        Assert.Empty(ParameterImportance.Of(SearchEngine.Start(Space, new SearchOptions()), TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData("linear", 10)]
    [InlineData("boosting", 10)]
    [InlineData("boosting", 1_000_000)]
    [InlineData("forest", 100)]
    [InlineData("extraTrees", 100)]
    [InlineData("isolationForest", 10)]
    [InlineData("isolationForest", 1_000_000)]
    public void For_Trainer_GivesCandidatesThatCanBeTrained(string trainer, int rows)
    {
        SearchState state = SearchEngine.Start(SearchSpace.For(trainer, rows), new SearchOptions { Sampler = SearchSampler.Random, MaxTrials = 50 });
        for (int i = 0; i < 50; i++)
        {
            (state, Trial? trial) = SearchEngine.Ask(state);
            Assert.Empty(Candidates.Check(new CandidateSpec(trainer, trial!.Parameters)));
        }
    }

    /// <summary>Least, 0, at rate 0.01, 20 leaves, kind 1.</summary>
    private static double Bowl(Trial trial) =>
        Math.Pow(Math.Log10(trial.Parameters["rate"]) + 2, 2) + Math.Pow((trial.Parameters["leaves"] - 20) / 20, 2) + Math.Abs(trial.Parameters["kind"] - 1);

    private static SearchState Run(SearchOptions options, Func<Trial, double> value)
    {
        SearchState state = SearchEngine.Start(Space, options);
        while (true)
        {
            (state, Trial? trial) = SearchEngine.Ask(state);
            if (trial is null)
            {
                return state;
            }

            state = SearchEngine.Tell(state, trial.Number, value(trial));
        }
    }
}
