using System.Collections.Immutable;
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
    public async Task Invoke_OtherTriggers_Pass(string entryPoint) => Assert.True(await RunsAsync(new Context(entryPoint)));

    [Fact]
    public async Task Invoke_HttpFunctionWithoutItsRequest_IsClosed()
    {
        Exception exception = await Assert.ThrowsAsync<InvalidOperationException>(() => RunsAsync(new Context("Mlops.Functions.Registry.GetModels.List")));
        Assert.Contains("without its request", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Invoke_HttpFunctionWithoutRole_IsClosed()
    {
        Context context = new("Mlops.Functions.Monitoring.DriftTimer.Run");
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

    private sealed class Context(string entryPoint) : FunctionContext
    {
        public override string InvocationId => "1";

        public override string FunctionId => "1";

        public override TraceContext TraceContext => throw new NotSupportedException();

        public override BindingContext BindingContext => throw new NotSupportedException();

        public override RetryContext RetryContext => throw new NotSupportedException();

        public override IServiceProvider InstanceServices { get; set; } = null!;

        public override FunctionDefinition FunctionDefinition { get; } = new Definition(entryPoint);

        public override IDictionary<object, object> Items { get; set; } = new Dictionary<object, object>();

        public override IInvocationFeatures Features => throw new NotSupportedException();
    }

    private sealed class Definition(string entryPoint) : FunctionDefinition
    {
        public override ImmutableArray<FunctionParameter> Parameters => [];

        public override string PathToAssembly => "";

        public override string EntryPoint => entryPoint;

        public override string Id => "1";

        public override string Name => "Test";

        public override IImmutableDictionary<string, BindingMetadata> InputBindings => ImmutableDictionary<string, BindingMetadata>.Empty;

        public override IImmutableDictionary<string, BindingMetadata> OutputBindings => ImmutableDictionary<string, BindingMetadata>.Empty;
    }
}
