using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Mlops.Functions.Access;
using Mlops.Functions.Costs;
using Mlops.Functions.Hosting;
using Mlops.Functions.Tests.Access;
using Mlops.Storage.Costs;

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

    [Fact]
    public async Task Invoke_ARefusal_IsChargedToNobody_WhateverFormItHas()
    {
        HttpRequest request = new DefaultHttpContext().Request;
        Assert.Equal("churn", await ChargedAsync(() => Results.Ok()));
        Assert.Equal("churn", await ChargedAsync(() => Api.Accepted("/x", new { })));
        Assert.Equal(string.Empty, await ChargedAsync(() => AccessRefusal.Unauthorized(request, "x")));
        Assert.Equal(string.Empty, await ChargedAsync(() => AccessRefusal.Forbidden(request, "x")));
        Assert.Equal(string.Empty, await ChargedAsync(() => AccessRefusal.TooMany(request, TimeSpan.FromSeconds(1))));
        Assert.Equal(string.Empty, await ChargedAsync(() => Api.NotFound("x")));
        Assert.Equal(string.Empty, await ChargedAsync(() => throw new BadHttpRequestException("too slow", 408)));
    }

    [Theory]
    [InlineData("churn-0123456789abcdef", "churn")]
    [InlineData("churn-eu-0123456789abcdef", "churn-eu")]
    [InlineData("nothing", "")]
    public void ModelOf_Pipeline_IsItsPrefix(string pipeline, string expected) => Assert.Equal(expected, PipelineIds.ModelOf(pipeline));

    private static async Task<string> ChargedAsync(Func<IResult> answer)
    {
        UsageMeter meter = new(new ManualTime(new DateTimeOffset(2026, 5, 1, 12, 0, 0, TimeSpan.Zero)));
        DefaultHttpContext http = new();
        http.Request.Path = "/api/models/churn/predict";
        Invocation invocation = new("Test") { Items = { ["HttpRequestContext"] = http } };
        try
        {
            await new UsageMiddleware(meter).Invoke(invocation, inner =>
            {
                inner.GetInvocationResult().Value = answer();
                return Task.CompletedTask;
            });
        }
        catch (BadHttpRequestException)
        {
            // As it came: the edge answers.
        }

        return Assert.Single(meter.Take()).Model;
    }
}
