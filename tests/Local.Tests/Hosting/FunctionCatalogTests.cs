using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Mlops.Local.Hosting;

namespace Mlops.Local.Tests.Hosting;

public sealed class FunctionCatalogTests
{
    [Fact]
    public void Functions_AreFoundByName_WithoutCase()
    {
        var catalog = new FunctionCatalog([typeof(Good)]);

        Assert.Equal("good", catalog.Find("GOOD")!.Name);
        Assert.Equal("httpTrigger", catalog.Find("good")!.TriggerType);
        Assert.Null(catalog.Find("other"));
    }

    [Fact]
    public void Mistakes_AreReportedAllAtOnce()
    {
        var error = Assert.Throws<InvalidOperationException>(() => new FunctionCatalog([typeof(Bad)]));

        Assert.Contains("5 mistake(s)", error.Message, StringComparison.Ordinal);
        Assert.Contains("async void", error.Message, StringComparison.Ordinal);
        Assert.Contains("found 0 parameters with a trigger", error.Message, StringComparison.Ordinal);
        Assert.Contains("must start with a letter", error.Message, StringComparison.Ordinal);
        Assert.Contains("must be public", error.Message, StringComparison.Ordinal);
        Assert.Contains("'same' is used by", error.Message, StringComparison.OrdinalIgnoreCase);
    }

    public sealed class Good
    {
        [Function("good")]
        public static void Run([HttpTrigger] HttpRequest request) => _ = request;
    }

    public sealed class Bad
    {
        [Function("void")]
        public static async void Void([HttpTrigger] HttpRequest request) => await Task.Yield();

        [Function("none")]
        public static void None(HttpRequest request) => _ = request;

        [Function("1st")]
        public static void First([HttpTrigger] HttpRequest request) => _ = request;

        [Function("hidden")]
        internal static void Hidden([HttpTrigger] HttpRequest request) => _ = request;

        [Function("same")]
        public static void Same([HttpTrigger] HttpRequest request) => _ = request;

        [Function("Same")]
        public static void SameAgain([HttpTrigger] HttpRequest request) => _ = request;
    }
}
