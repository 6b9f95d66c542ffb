using Mlops.Local.Hosting;

namespace Mlops.Local.Tests.Hosting;

public sealed class CommandLineTests
{
    [Fact]
    public void Arguments_AreRead()
    {
        var options = CommandLine.Parse(["--port", "0", "--data=/tmp/x", "--keys", "--storage", "UseDevelopmentStorage=true"])!;

        Assert.Equal(0, options.Port);
        Assert.Equal("/tmp/x", options.DataDirectory);
        Assert.True(options.EnforceKeys);
        Assert.Equal("UseDevelopmentStorage=true", options.Storage);
    }

    [Fact]
    public void Authentication_AsksForKeysToo()
    {
        var options = CommandLine.Parse(["--auth"])!;

        Assert.True(options.EnforceKeys);
        Assert.Equal("on", LocalHost.Settings(options, "UseDevelopmentStorage=true")["MlopsAuthentication"]);
        Assert.Equal("off", LocalHost.Settings(new LocalOptions(), "UseDevelopmentStorage=true")["MlopsAuthentication"]);
    }

    [Fact]
    public void NoArguments_GiveTheDefaults()
    {
        var options = CommandLine.Parse([])!;

        Assert.Equal((7071, ".mlops", false, null), (options.Port, options.DataDirectory, options.EnforceKeys, options.Storage));
    }

    [Fact]
    public void Help_GivesNoOptions() => Assert.Null(CommandLine.Parse(["--help"]));

    [Theory]
    [InlineData("--port x", "--port is 'x'")]
    [InlineData("--port 70000", "expected a number from 0 to 65535")]
    [InlineData("--data", "'--data' has no value")]
    [InlineData("--verbose", "'--verbose' is not an argument")]
    public void WrongArgument_IsNamed(string arguments, string message) =>
        Assert.Contains(message, Assert.Throws<ArgumentException>(() => CommandLine.Parse(arguments.Split(' '))).Message, StringComparison.Ordinal);
}
