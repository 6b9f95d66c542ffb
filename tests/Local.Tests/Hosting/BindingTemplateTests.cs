using Mlops.Local.Hosting;

namespace Mlops.Local.Tests.Hosting;

public sealed class BindingTemplateTests
{
    [Fact]
    public void Match_GivesTheNamesInBraces()
    {
        var data = new BindingTemplate("in/{folder}/{name}.{ext}").Match("in/a/b/c.tar.gz")!;

        Assert.Equal("a/b", data["folder"]);
        Assert.Equal("c.tar", data["NAME"]);
        Assert.Equal("gz", data["ext"]);
    }

    [Theory]
    [InlineData("in/{name}.csv", "in/a.json")]
    [InlineData("in/{name}", "other/a")]
    [InlineData("in/a+b/{name}", "in/aab/x")]
    public void Match_OfAnotherPath_IsNull(string template, string path) => Assert.Null(new BindingTemplate(template).Match(path));

    [Fact]
    public void Fill_ReplacesNames_AndSaysWhichIsMissing()
    {
        var data = new Dictionary<string, object?> { ["name"] = "x", ["count"] = 3 };

        Assert.Equal("out/x-3", BindingTemplate.Fill("out/{Name}-{count}", data));
        Assert.Contains("no binding data 'id'", Assert.Throws<InvalidOperationException>(() => BindingTemplate.Fill("{id}", data)).Message, StringComparison.Ordinal);
    }
}
