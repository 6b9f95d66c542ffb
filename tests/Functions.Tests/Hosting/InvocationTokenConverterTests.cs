using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Converters;
using Mlops.Functions.Hosting;

namespace Mlops.Functions.Tests.Hosting;

public class InvocationTokenConverterTests
{
    [Theory]
    [InlineData(null)]
    [InlineData("{}")]
    [InlineData("x")]
    public async Task Token_IsTheInvocations_WhateverTheRequestCallsByItsName(string? source)
    {
        using CancellationTokenSource stop = new();
        ConversionResult token = await new InvocationTokenConverter().ConvertAsync(new Parameter(typeof(CancellationToken), source, new StoppableContext(new Invocation("x"), stop.Token)));
        Assert.Equal((ConversionStatus.Succeeded, stop.Token), (token.Status, token.Value));
    }

    [Fact]
    public async Task OtherParameters_AreLeftToOthers() =>
        Assert.Equal(ConversionStatus.Unhandled, (await new InvocationTokenConverter().ConvertAsync(new Parameter(typeof(string), "x", new Invocation("x")))).Status);

    private sealed class Parameter(Type type, object? source, FunctionContext context) : ConverterContext
    {
        public override Type TargetType => type;

        public override object? Source => source;

        public override FunctionContext FunctionContext => context;

        public override IReadOnlyDictionary<string, object> Properties => new Dictionary<string, object>();
    }
}
