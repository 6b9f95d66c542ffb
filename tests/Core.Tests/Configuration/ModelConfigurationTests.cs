using Mlops.Core.Configuration;
using Mlops.Core.Data;
using Mlops.Core.Learning.Search;

namespace Mlops.Core.Tests.Configuration;

public class ModelConfigurationTests
{
    [Theory]
    [InlineData("")]
    [InlineData("\n# only a comment\n")]
    [InlineData("---\n")]
    [InlineData("{}")]
    [InlineData("training:\n")]
    [InlineData("target:\n")]
    public void Parse_NothingSaid_IsTheDefault(string yaml)
    {
        ConfigurationResult result = ModelConfiguration.Parse(yaml);
        Assert.Empty(result.Errors);
        Assert.Equal(ModelConfiguration.Default.Hash, result.Configuration!.Hash);
    }

    [Fact]
    public void Parse_CandidatesWithRanges_AreSpacesToSearch()
    {
        TrainingOptions training = Good("""
            training:
              candidates:
                - trainer: linear
                - trainer: boosting
                  parameters: {iterations: 500, learningRate: {from: 0.01, to: 0.3, scale: log}, maxLeaves: {from: 4, to: 64}, l2: [0, 1, 10]}
              search: {method: tpe, schedule: hyperband, trials: 12, parallel: 3, rungs: 2, reduction: 4}
            """).Training;

        Assert.Equal("linear", Assert.Single(training.Candidates).Trainer);
        CandidateSpace space = Assert.Single(training.Spaces);
        Assert.Equal(("boosting", 500.0), (space.Fixed.Trainer, Assert.Single(space.Fixed.Parameters).Value));
        Assert.Equal(["l2", "learningRate", "maxLeaves"], space.Space.Parameters.Select(p => p.Name));
        Assert.Equal([0, 1, 10], space.Space.Parameters[0].Choices!);
        Assert.Equal(new SearchParameter("learningRate", 0.01, 0.3, Logarithmic: true), space.Space.Parameters[1]);
        Assert.Equal(new SearchParameter("maxLeaves", 4, 64, Whole: true), space.Space.Parameters[2]);
        SearchOptions options = training.Search.ToOptions("rocAuc", 7);
        Assert.Equal(
            new SearchOptions { Sampler = SearchSampler.Tpe, Schedule = SearchSchedule.Hyperband, MaxTrials = 12, MinBudget = 0.25, Reduction = 4, HigherIsBetter = true, Seed = 7 },
            options);
        Assert.Equal(3, training.Search.Parallel);
    }

    [Theory]
    [InlineData("{from: 0.01, to: 3, scale: log}", "found 3, expected a number in 0.0001 … 1")]
    [InlineData("{from: 0.3, to: 0.01}", "0.3 … 0.01")]
    [InlineData("{from: 0, to: 0.3, scale: log}", "above 0 for a logarithmic range")]
    [InlineData("{from: 0.1}", "a range such as {from: 0.01, to: 0.3, scale: log}")]
    [InlineData("{from: 0.1, to: 0.2, step: 0.1}", "a range such as {from: 0.01, to: 0.3, scale: log}")]
    [InlineData("[0.1, often]", "a list of at most 50 numbers")]
    [InlineData("[0.1, 0.1]", "all finite and distinct")]
    public void Parse_WrongRange_SaysWhatIsExpected(string range, string expected)
    {
        string yaml = $"training:\n  search: {{method: random}}\n  candidates:\n    - {{trainer: boosting, parameters: {{learningRate: {range}}}}}\n";
        Assert.Contains(ModelConfiguration.Parse(yaml).Errors, error => error.Line == 4 && error.ToString().Contains(expected, StringComparison.Ordinal));
    }

    [Fact]
    public void Parse_RangesWithoutASearch_AreAnError()
    {
        ConfigurationError error = Assert.Single(ModelConfiguration.Parse("training:\n  candidates: [{trainer: linear, parameters: {strength: [0.1, 1]}}]\n").Errors);
        Assert.Contains("training.search.method", error.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("training: {search: {trails: 3}}", "trials")]
    [InlineData("training: {search: 3}", "method, schedule, trials, parallel, rungs, reduction")]
    [InlineData("training: {serach: {trials: 3}}", "search")]
    public void Parse_WrongKeyInANestedSection_NamesTheKnownOnes(string yaml, string expected) =>
        Assert.Contains(expected, Assert.Single(ModelConfiguration.Parse(yaml).Errors).ToString(), StringComparison.Ordinal);

    [Fact]
    public void Parse_EverySection_IsRead()
    {
        ModelConfiguration c = Good("""
            target: churned
            task: classification
            ignore: [id, "free text"]
            types: {zip: text, age: integer}
            training:
              data: newest
              folds: 3
              holdout: 0.25
              seed: 7
              maxCandidates: 2
              timeLimit: 5m
              candidates:
                - trainer: linear
                  parameters: {strength: 0.1}
                - {trainer: boosting}
            validation: {rangeMargin: 0.5, minimumRows: 100}
            gates: {metric: rocAuc, margin: 0.005, alpha: 0.02, floors: {rocAuc: 0.7}}
            rollout: {steps: [5, 25, 50], bake: 00:30:00, errorMargin: 0.01, alpha: 0.005, power: 0.99}
            monitoring: {window: 12h, falseAlarmsPerMonth: 0.5, minimumEffect: 0.1}
            retraining: {onDrift: false, minimumInterval: 1d, dailyBudget: 0}
            """);

        Assert.Equal(("churned", TaskChoice.Classification), (c.Target, c.Task));
        Assert.Equal(["free text", "id"], c.Ignore);
        Assert.Equal((ColumnKind.Text, ColumnKind.Integer), (c.Types["zip"], c.Types["age"]));
        Assert.Equal((DataScope.Newest, 3, 0.25, 7L, 2, TimeSpan.FromMinutes(5)), (c.Training.Data, c.Training.Folds, c.Training.Holdout, c.Training.Seed, c.Training.MaxCandidates, c.Training.TimeLimit));
        Assert.Equal(["linear", "boosting"], c.Training.Candidates.Select(x => x.Trainer));
        Assert.Equal(0.1, c.Training.Candidates[0].Parameters["strength"]);
        Assert.Equal((0.5, 100), (c.Validation.RangeMargin, c.Validation.MinimumRows));
        Assert.Equal(("rocAuc", 0.005, 0.02, 0.7), (c.Gates.Metric, c.Gates.Margin, c.Gates.Alpha, c.Gates.Floors["rocAuc"]));
        Assert.Equal([5, 25, 50], c.Rollout.Steps);
        Assert.Equal((TimeSpan.FromMinutes(30), 0.01, 0.005, 0.99), (c.Rollout.Bake, c.Rollout.ErrorMargin, c.Rollout.Alpha, c.Rollout.Power));
        Assert.Equal((TimeSpan.FromHours(12), 0.5, 0.1), (c.Monitoring.Window, c.Monitoring.FalseAlarmsPerMonth, c.Monitoring.MinimumEffect));
        Assert.Equal((false, TimeSpan.FromDays(1), 0), (c.Retraining.OnDrift, c.Retraining.MinimumInterval, c.Retraining.DailyBudget));
    }

    [Fact]
    public void Hash_SameSettingsWrittenDifferently_IsEqual()
    {
        ModelConfiguration a = Good("target: y\ntraining: {folds: 5, holdout: 0.20}\nignore: [b, a]\nretraining: {minimumInterval: 6h}");
        ModelConfiguration b = Good("# comment\nignore:\n  - a\n  - b\ntarget: 'y'");
        Assert.Equal(a.Hash, b.Hash);
        Assert.Matches("^[0-9a-f]{20}$", a.Hash);
    }

    [Theory]
    [InlineData("target: x")]
    [InlineData("target: by convention")]
    [InlineData("ignore: [x]")]
    [InlineData("ignore: ['x, y']")]
    [InlineData("ignore: [x, y]")]
    [InlineData("types: {x: text}")]
    [InlineData("training: {seed: 43}")]
    [InlineData("training: {candidates: [{trainer: linear}]}")]
    [InlineData("gates: {floors: {accuracy: 0.5}}")]
    [InlineData("rollout: {steps: []}")]
    [InlineData("rollout: {bake: 601s}")]
    public void Hash_AnyOtherSetting_Differs(string yaml)
    {
        string[] others = ["", "target: x", "target: by convention", "ignore: [x]", "ignore: ['x, y']", "ignore: [x, y]", "types: {x: text}", "training: {seed: 43}", "training: {candidates: [{trainer: linear}]}", "gates: {floors: {accuracy: 0.5}}", "rollout: {steps: []}", "rollout: {bake: 601s}"];
        Assert.Equal(1, others.Count(other => Good(other).Hash == Good(yaml).Hash));
    }

    [Theory]
    [InlineData("training:\n  fold: 3", 2, "training.fold", "'folds'?")]
    [InlineData("traning:\n  folds: 3", 1, "traning", "'training'?")]
    [InlineData("Target: y", 1, "Target", "'target'?")]
    [InlineData("zzzzzz: 1", 1, "zzzzzz", "one of target")]
    [InlineData("target: y\ntraining:\n  folds: many", 3, "training.folds", "2 … 20")]
    [InlineData("training:\n  folds: 1", 2, "training.folds", "2 … 20")]
    [InlineData("training:\n  folds: 3.5", 2, "training.folds", "whole number")]
    [InlineData("training:\n  folds: '3'", 2, "training.folds", "whole number")]
    [InlineData("training:\n  holdout: 0.9", 2, "training.holdout", "0.05 … 0.5")]
    [InlineData("training:\n  holdout: .nan", 2, "training.holdout", "a number")]
    [InlineData("training:\n  holdout: 1e999", 2, "training.holdout", "a number")]
    [InlineData("training:\n  seed: 99999999999999999999", 2, "training.seed", "whole number")]
    [InlineData("training: 5", 1, "training", "keys and values: data, folds")]
    [InlineData("training: [folds]", 1, "training", "keys and values")]
    [InlineData("training:\n  folds: {a: 1}", 2, "training.folds", "whole number")]
    [InlineData("task: clustering", 1, "task", "auto, classification, regression")]
    [InlineData("ignore: id", 1, "ignore", "a list")]
    [InlineData("ignore:\n  - id\n  - [a]", 3, "ignore", "name of a column")]
    [InlineData("types: [a]", 1, "types", "column names with")]
    [InlineData("types:\n  zip: string", 2, "types", "number, integer, timestamp, text for 'zip'")]
    [InlineData("retraining:\n  onDrift: yes", 2, "retraining.onDrift", "true or false")]
    [InlineData("rollout:\n  bake: soon", 2, "rollout.bake", "a duration in 0s … 7d")]
    [InlineData("rollout:\n  bake: 8d", 2, "rollout.bake", "a duration")]
    [InlineData("rollout:\n  bake: -5m", 2, "rollout.bake", "a duration")]
    [InlineData("rollout:\n  steps: [50, 10]", 2, "rollout.steps", "ascending")]
    [InlineData("rollout:\n  steps: [0]", 2, "rollout.steps", "1 … 99")]
    [InlineData("rollout:\n  steps: 10", 2, "rollout.steps", "a list")]
    [InlineData("gates:\n  floors: {accuracy: high}", 2, "gates.floors", "a number for the metric")]
    [InlineData("gates:\n  confidence: 0.95", 2, "gates.confidence", "one of metric, margin, alpha")]
    [InlineData("rollout:\n  power: 1", 2, "rollout.power", "0.75 … 0.999")]
    [InlineData("gates:\n  metric: auc", 2, "gates.metric", "one of logLoss, accuracy")]
    [InlineData("gates:\n  floors: {auc: 0.5}", 2, "gates.floors", "one of logLoss, accuracy")]
    [InlineData("training:\n  candidates:\n    - {trainer: jungle}", 3, "training.candidates", "a trainer and parameters that it has")]
    [InlineData("training:\n  candidates:\n    - trainer: linear\n    - {trainer: boosting, parameters: {rate: 1}}", 4, "training.candidates", "a trainer and parameters that it has")]
    [InlineData("training:\n  candidates:\n    - {trainer: boosting, parameters: {learningRate: -1}}", 3, "training.candidates", "a trainer and parameters that it has")]
    [InlineData("training:\n  candidates: [linear]", 2, "training.candidates", "a trainer")]
    [InlineData("training:\n  candidates:\n    - {trainer: linear, rate: 1}", 3, "training.candidates", "'trainer' or 'parameters'")]
    [InlineData("training:\n  candidates:\n    - {parameters: {a: 1}}", 3, "training.candidates", "a trainer")]
    [InlineData("training:\n  candidates:\n    - {trainer: linear, parameters: {a: b}}", 3, "training.candidates", "a number for the parameter 'a'")]
    [InlineData("target: y\nignore: [y]", 2, "ignore", "other than the target")]
    public void Parse_WrongSetting_SaysLineKeyAndExpected(string yaml, int line, string key, string expected)
    {
        ConfigurationError error = Assert.Single(Bad(yaml));
        Assert.Equal((line, key), (error.Line, error.Key));
        Assert.Contains(expected, error.Expected);
        Assert.NotEmpty(error.Found);
    }

    [Fact]
    public void Parse_SeveralErrors_AreAllTold()
    {
        IReadOnlyList<ConfigurationError> errors = Bad("task: x\ntraining:\n  folds: 0\n  fodls: 3\nretraining: 4\n");
        Assert.Equal([1, 3, 4, 5], errors.Select(e => e.Line));
    }

    [Theory]
    [InlineData("target: [", "not YAML")]
    [InlineData("a: b: c", "not YAML")]
    [InlineData("%TAG", "not YAML")]
    [InlineData("\0\u0001\u0002", "a single value")]
    [InlineData("- a\n- b", "a list")]
    [InlineData("just text", "a single value")]
    [InlineData("target: y\n---\ntarget: z", "second document")]
    [InlineData("target: y\ntarget: z", "'target' twice")]
    [InlineData("? [a]\n: 1", "a list as a key")]
    [InlineData("target: &t y\nignore: [*t]", "anchor or alias")]
    [InlineData("target: *t", "anchor or alias")]
    [InlineData("target: !!binary aGk=", "a tag")]
    [InlineData("target: !<tag:x> y", "a tag")]
    public void Parse_NotAUsableDocument_SaysWhat(string yaml, string found) => Assert.Contains(found, Assert.Single(Bad(yaml)).Found);

    [Fact]
    public void Parse_AnyTag_IsRefused()
    {
        // The parser throws exceptions of its own making for tags that are no URIs.
        foreach (char c in Enumerable.Range(33, 94).Select(c => (char)c))
        {
            Bad($"target: !!str{c} y");
            Bad($"target: !<{c}> y");
        }
    }

    [Fact]
    public void Parse_AliasBomb_IsRefusedAtTheFirstAnchor()
    {
        string bomb = "a: &a [x,x,x,x,x,x,x,x,x]\n" + string.Concat(Enumerable.Range(1, 20).Select(i => $"{(char)('a' + i)}: &{(char)('a' + i)} [*{(char)('a' + i - 1)},*{(char)('a' + i - 1)},*{(char)('a' + i - 1)},*{(char)('a' + i - 1)}]\n"));
        Assert.Equal(1, Assert.Single(Bad(bomb)).Line);
    }

    [Theory]
    [InlineData("[")]
    [InlineData("{a: ")]
    [InlineData("- ")]
    public void Parse_DeepNesting_IsRefused(string open) => Assert.Contains("levels of nesting", Assert.Single(Bad("training: \n  " + string.Concat(Enumerable.Repeat(open, 10_000)))).Found);

    [Fact]
    public void Parse_TenMegabytes_IsRefusedUnread() => Assert.Contains("65,536 bytes", Assert.Single(Bad(new string('a', 10_000_000))).Expected);

    [Fact]
    public void Parse_HostileKey_IsShownCutAndCleaned()
    {
        ConfigurationError error = Assert.Single(Bad($"\"\\u202Eevil\\n{new string('k', 300)}\": 1"));
        Assert.True(error.Key.Length <= 65, error.Key);
        Assert.DoesNotContain('\n', error.ToString());
        Assert.DoesNotContain('\u202E', error.ToString());
    }

    [Fact]
    public void Parse_ManyErrors_TellsTheFirstFifty() => Assert.Equal(50, Bad(string.Concat(Enumerable.Range(0, 200).Select(i => $"unknown{i}: 1\n"))).Count);

    [Theory]
    [InlineData("90s", "90s")]
    [InlineData("00:10:00", "10m")]
    [InlineData("24:00:00", "24h")]
    [InlineData("48h", "2d")]
    [InlineData("0s", "0s")]
    public void Duration_AnyForm_IsShownInOne(string text, string shown)
    {
        Assert.True(DurationText.TryParse(text, out TimeSpan value));
        Assert.Equal(shown, DurationText.Show(value));
        Assert.True(DurationText.TryParse(shown, out TimeSpan again));
        Assert.Equal(value, again);
    }

    [Theory]
    [InlineData("")]
    [InlineData("m")]
    [InlineData("5")]
    [InlineData("5 m")]
    [InlineData("1.5h")]
    [InlineData("00:60:00")]
    [InlineData("10:00")]
    [InlineData("99999999999d")]
    [InlineData("9999999999999999999s")]
    public void Duration_AnythingElse_IsRefused(string text) => Assert.False(DurationText.TryParse(text, out _));

    [Fact]
    public void Parse_UnknownTrainer_NamesTheKnownOnes() =>
        Assert.Contains("expected one of: baseline, naive, linear, boosting", Assert.Single(Bad("training: {candidates: [{trainer: jungle}]}")).Found);

    [Fact]
    public void Parse_AnyYaml_GivesAConfigurationOrErrors()
    {
        string[] pieces = ["target", ":", " ", "\n", "  ", "training", "folds", "5", "- ", "[", "]", "{", "}", ",", "&a", "*a", "!!str", "'", "\"", "#", "|", ">", "\t", "?", "ignore", "x", "---", "...", "%", "\u0000", "é"];
        Random random = new(6);
        for (int round = 0; round < 4000; round++)
        {
            string yaml = string.Concat(Enumerable.Range(0, random.Next(1, 25)).Select(_ => pieces[random.Next(pieces.Length)]));
            ConfigurationResult result = ModelConfiguration.Parse(yaml);
            Assert.Equal(result.Configuration is null, result.Errors.Count > 0);
            Assert.All(result.Errors, e => Assert.InRange(e.Line, 1, yaml.Count(c => c == '\n') + 2));
        }
    }

    private static ModelConfiguration Good(string yaml)
    {
        ConfigurationResult result = ModelConfiguration.Parse(yaml);
        Assert.Empty(result.Errors);
        return result.Configuration!;
    }

    private static IReadOnlyList<ConfigurationError> Bad(string yaml)
    {
        ConfigurationResult result = ModelConfiguration.Parse(yaml);
        Assert.Null(result.Configuration);
        return result.Errors;
    }
}
