using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Logging.Abstractions;
using Mlops.Functions.Access;

namespace Mlops.Functions.Tests.Access;

public sealed class AccessMiddlewareTests : IDisposable
{
    private readonly RequestLimits _limits = new(new AccessOptions());
    private readonly AccessMiddleware _middleware;

    // Nothing here gets so far as to ask who a token belongs to.
    public AccessMiddlewareTests() => _middleware = new(new AccessGuard(new AccessOptions(), null!, _limits, NullLogger<AccessGuard>.Instance));

    public void Dispose() => _limits.Dispose();

    [Theory]
    [InlineData("Mlops.Functions.Monitoring.DriftTimer.Run")]
    [InlineData("Mlops.Functions.Deployment.Rollout.Run")]
    public async Task Invoke_OtherTriggers_Pass(string entryPoint) => Assert.True(await RunsAsync(new Invocation(entryPoint)));

    [Fact]
    public async Task Invoke_HttpFunctionWithoutItsRequest_IsClosed()
    {
        Exception exception = await Assert.ThrowsAsync<InvalidOperationException>(() => RunsAsync(new Invocation("Mlops.Functions.Registry.GetModels.List")));
        Assert.Contains("without its request", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Invoke_HttpFunctionWithoutRole_IsClosed()
    {
        Invocation context = new("Mlops.Functions.Monitoring.DriftTimer.Run");
        context.Items["HttpRequestContext"] = new DefaultHttpContext();
        Exception exception = await Assert.ThrowsAsync<InvalidOperationException>(() => RunsAsync(context));
        Assert.Contains("names no role", exception.Message, StringComparison.Ordinal);
    }

    private async Task<bool> RunsAsync(FunctionContext context)
    {
        bool ran = false;
        await _middleware.Invoke(context, _ =>
        {
            ran = true;
            return Task.CompletedTask;
        });
        return ran;
    }
}
