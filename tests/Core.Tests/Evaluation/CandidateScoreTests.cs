using Mlops.Core.Evaluation;
using Mlops.Core.Learning;

namespace Mlops.Core.Tests.Evaluation;

public class CandidateScoreTests
{
    [Fact]
    public void Best_IsTheLowest_ForALoss() => Assert.Equal(1, CandidateScore.Best([Score(0, 0.5), Score(1, 0.3), Score(2, 0.4)])!.Index);

    [Fact]
    public void Best_IsTheFirst_OfEqualOnes_InWhateverOrderTheyCome() => Assert.Equal(0, CandidateScore.Best([Score(2, 0.3), Score(0, 0.3), Score(1, 0.3)])!.Index);

    [Fact]
    public void Best_IgnoresCandidates_ThatCouldNotBeTrained()
    {
        Assert.Equal(1, CandidateScore.Best([Score(0, double.NaN), Score(1, 9)])!.Index);
        Assert.Null(CandidateScore.Best([Score(0, double.NaN)]));
    }

    [Fact]
    public void Align_MovesProbabilities_AndGivesUnknownClassesZero()
    {
        LearningTask task = new(TaskKind.MultiClass, "y", ["a", "b", "c"], []);
        Predictions aligned = ClassAlignment.Align(new Predictions([0.1f, 0.9f, 0.8f, 0.2f], 2), ["c", "a"], task);
        Assert.Equal([0.9f, 0f, 0.1f, 0.2f, 0f, 0.8f], aligned.Scores.ToArray());
    }

    private static CandidateScore Score(int index, double mean) => new(index, $"run-{index}", "linear", Metrics.Primary(TaskKind.Binary), mean, 0);
}
