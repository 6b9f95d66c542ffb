using Mlops.Core.Evaluation;
using Mlops.Core.Learning;

namespace Mlops.Core.Tests.Evaluation;

public class CandidateScoreTests
{
    [Fact]
    public void Json_OfACandidateThatFailed_ReadsBackWithAnySerializer()
    {
        // The worker's default options, which a host may not change.
        string json = System.Text.Json.JsonSerializer.Serialize(new CandidateScore(1, "r", "linear", "logLoss", double.NaN, double.PositiveInfinity));
        CandidateScore read = System.Text.Json.JsonSerializer.Deserialize<CandidateScore>(json)!;
        Assert.True(double.IsNaN(read.Mean));
        Assert.Equal(double.PositiveInfinity, read.StandardError);
    }

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

    private static CandidateScore Score(int index, double mean) => new(index, $"run-{index}", "linear", "logLoss", mean, 0);
}
