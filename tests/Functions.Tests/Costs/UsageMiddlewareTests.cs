using Mlops.Functions.Costs;

namespace Mlops.Functions.Tests.Costs;

public class UsageMiddlewareTests
{
    [Theory]
    [InlineData("/api/models/churn/predict", "churn")]
    [InlineData("/api/models/churn", "churn")]
    [InlineData("/v2/models/churn/infer", "churn")]
    [InlineData("/api/data/churn", "churn")]
    [InlineData("/api/models", "")]
    [InlineData("/api/models/Not..a..model/x", "")]
    [InlineData("/api/pipelines/churn-1", "")]
    [InlineData("/", "")]
    public void ModelOf_Path_IsTheModelItNames(string path, string expected) => Assert.Equal(expected, UsageMiddleware.ModelOf(path));

    [Theory]
    [InlineData("churn-0123456789abcdef", "churn")]
    [InlineData("churn-eu-0123456789abcdef", "churn-eu")]
    [InlineData("nothing", "")]
    public void ModelOf_Pipeline_IsItsPrefix(string pipeline, string expected) => Assert.Equal(expected, PipelineIds.ModelOf(pipeline));
}
