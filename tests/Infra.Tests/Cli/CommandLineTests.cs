using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using System.Xml.Linq;
using Mlops.Cli;

namespace Mlops.Infra.Tests.Cli;

/// <summary>The checks for a model repository's CI: exit codes, what they find, and JUnit.</summary>
public sealed class CommandLineTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("mlops-cli-").FullName;
    private readonly StringWriter output = new();
    private readonly StringWriter errors = new();

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Theory]
    [InlineData("mlops_0123456789abcdef_x", "Basic bWxvcHM6bWxvcHNfMDEyMzQ1Njc4OWFiY2RlZl94")]
    [InlineData("eyJ0eXAiOiJKV1QifQ.e30.x", "Bearer eyJ0eXAiOiJKV1QifQ.e30.x")]
    public void Token_OfThePlatform_IsShownAsAPassword_BecauseAppServiceExaminesBearers(string token, string expected) => Assert.Equal(expected, Endpoint.Authorization(token).ToString());

    [Fact]
    public async Task CheckData_GoodBatches_Passes()
    {
        Assert.Equal(CommandLine.Passed, await Run("check", "data", Batch("a.csv", 1), Batch("b.csv", 2)));
        Assert.Equal(2, output.ToString().Split('\n').Count(line => line.StartsWith("passed", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task CheckData_BatchAgainstTheFirst_FailsWithFindingsInJUnit()
    {
        var broken = Write("broken.csv", File.ReadAllText(Batch("a.csv", 1)).Replace("0.", "zero ", StringComparison.Ordinal));
        var junit = Path.Combine(folder, "junit.xml");

        Assert.Equal(CommandLine.Failed, await Run("check", "data", Batch("a.csv", 1), broken, "--junit", junit));

        var suite = XDocument.Load(junit).Root!.Element("testsuite")!;
        Assert.Equal(("2", "1"), (suite.Attribute("tests")!.Value, suite.Attribute("failures")!.Value));
        Assert.Contains("column 'x'", suite.Descendants("failure").Single().Value, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task CheckData_ContractWrittenOnce_HoldsLaterBatches()
    {
        var contract = Path.Combine(folder, "contract.json");
        Assert.Equal(CommandLine.Passed, await Run("check", "data", Batch("a.csv", 1), "--write-contract", contract));
        Assert.Equal(CommandLine.Passed, await Run("check", "data", Batch("b.csv", 2), "--contract", contract));
        var otherColumns = Write("c.csv", "p,q\n" + string.Concat(Enumerable.Range(0, 50).Select(i => $"{i},{i}\n")));
        Assert.Equal(CommandLine.Failed, await Run("check", "data", otherColumns, "--contract", contract));
    }

    [Fact]
    public async Task CheckModel_FloorInReach_PassesAndOutOfReach_Fails()
    {
        var reachable = Write("reachable.yaml", Yaml("    accuracy: 0.6"));
        var unreachable = Write("unreachable.yaml", Yaml("    accuracy: 1.0"));
        Assert.Equal(CommandLine.Passed, await Run("check", "model", Batch("a.csv", 1, noise: 0.3), "--config", reachable));
        Assert.Equal(CommandLine.Failed, await Run("check", "model", Batch("a.csv", 1, noise: 0.3), "--config", unreachable));
        Assert.Contains("accuracy", output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task CheckModel_AgainstAnotherConfiguration_ComparesOnTheSameRows()
    {
        var without = Write("without.yaml", Yaml("    accuracy: 0.1") + "ignore: [x]\n");
        var full = Write("full.yaml", Yaml("    accuracy: 0.1"));
        Assert.Equal(CommandLine.Failed, await Run("check", "model", Batch("a.csv", 1), "--config", without, "--against", full));
        Assert.Equal(CommandLine.Passed, await Run("check", "model", Batch("a.csv", 1), "--config", full, "--against", without));
    }

    [Fact]
    public async Task CheckModel_SearchAskedFor_TriesTheSettings()
    {
        // The only candidate by hand learns nothing; what is searched for does, in the range that lets it.
        const string Searched = "target: label\ngates: {metric: accuracy}\ntraining:\n  folds: 2\n  search: {method: random, trials: 4, rungs: 2}\n  candidates: [{trainer: linear, parameters: {strength: {from: 0.001, to: 0.01}}}]\n";
        Assert.Equal(CommandLine.Passed, await Run("check", "model", Batch("a.csv", 1), "--config", Write("searched.yaml", Searched)));
        Assert.Contains("linear: accuracy", output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task CheckModel_GroupsTreatedDifferently_Fails()
    {
        // Labels follow x in one group and nothing in the other.
        var random = new Random(3);
        var rows = Write("groups.csv", "x,group,label\n" + string.Concat(Enumerable.Range(0, 600).Select(i =>
        {
            var x = random.NextDouble();
            return string.Create(CultureInfo.InvariantCulture, $"{x:0.0000},{(i % 2 == 0 ? "a" : "b")},{((i % 2 == 0 ? x : random.NextDouble()) > 0.5 ? "yes" : "no")}\n");
        })));
        string Bounded(double bound) => string.Create(CultureInfo.InvariantCulture, $"target: label\ntraining: {{folds: 2, candidates: [{{trainer: boosting}}]}}\ngates: {{fairness: {{group: {bound}}}}}\n");
        Assert.Equal(CommandLine.Passed, await Run("check", "model", rows, "--config", Write("loose.yaml", Bounded(1))));
        Assert.Equal(CommandLine.Failed, await Run("check", "model", rows, "--config", Write("tight.yaml", Bounded(0.1))));
        Assert.Contains("'group'", output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task CheckModel_ConfigurationWithAnError_SaysWhere()
    {
        var wrong = Write("wrong.yaml", "target: label\ntrainning: {}\n");
        Assert.Equal(CommandLine.Unusable, await Run("check", "model", Batch("a.csv", 1), "--config", wrong));
        Assert.Contains("trainning", errors.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("HTTP/200", CommandLine.Passed)]
    [InlineData("HTTP/500", CommandLine.Failed)]
    public async Task CheckServing_ByAnswers_EndsAccordingly(string answer, int expected)
    {
        using var server = new Answering(int.Parse(answer.AsSpan(5), CultureInfo.InvariantCulture), "{}");
        Assert.Equal(expected, await Run("check", "serving", server.Address, "--model", "m", "--rows", Write("rows.json", "{}"), "--requests", "20", "--concurrency", "4"));
        Assert.Equal(20, server.Requests);
        Assert.Equal("/api/models/m/predict", server.LastPath);
    }

    [Fact]
    public async Task CheckServing_LatencyLimitOfZero_Fails()
    {
        using var server = new Answering(200, "{}");
        Assert.Equal(CommandLine.Failed, await Run("check", "serving", server.Address, "--model", "m", "--rows", Write("rows.json", "{}"), "--requests", "5", "--p95", "0"));
    }

    [Theory]
    [InlineData("accuracy", "0", CommandLine.Failed)]
    [InlineData("accuracy", "0.05", CommandLine.Passed)]
    [InlineData("logLoss", "0", CommandLine.Passed)]
    public async Task Compare_TwoVersions_KnowsWhichWayIsBetter(string metric, string margin, int expected)
    {
        using var server = new Answering(200, """{"versions":[{"number":1,"metrics":{"accuracy":0.95,"logLoss":0.2}},{"number":2,"metrics":{"accuracy":0.94,"logLoss":0.1}}]}""");
        Assert.Equal(expected, await Run("compare", server.Address, "--model", "m", "--versions", "1,2", "--metric", metric, "--margin", margin));
    }

    [Fact]
    public async Task Token_Create_PrintsTheSecretAlone()
    {
        using var server = new Answering(201, """{"secret":"mlops_0123456789abcdef_s","token":{"id":"0123456789abcdef"}}""");
        Assert.Equal(CommandLine.Passed, await Run("token", "create", server.Address, "--name", "shop", "--role", "predictor", "--models", "churn-*,upsell", "--days", "30"));
        Assert.Equal("mlops_0123456789abcdef_s", output.ToString().Trim());
        Assert.Equal("/api/tokens", server.LastPath);
        Assert.Equal("""{"name":"shop","role":"predictor","models":["churn-*","upsell"],"expiresInDays":30}""", server.LastBody);
    }

    [Fact]
    public async Task Token_List_SaysWhatIsKnownOfEach()
    {
        using var server = new Answering(200, """{"tokens":[{"id":"0123456789abcdef","name":"shop","role":"predictor","models":["churn-*"],"expires":"2026-12-31T12:00:00+00:00","lastUsed":"2026-11-21T08:30:00+00:00"},{"id":"fedcba9876543210","name":"old","role":"admin","models":["*"],"expires":"2026-12-31T12:00:00+00:00","revoked":"2026-11-01T00:00:00+00:00"}],"ledger":[]}""");
        Assert.Equal(CommandLine.Passed, await Run("token", "list", server.Address));
        Assert.Equal(
            ["0123456789abcdef  predictor    churn-*  until 2026-12-31 12:00  last used 2026-11-21 08:30  shop", "fedcba9876543210  admin        *  revoked 2026-11-01 00:00  last used never  old"],
            output.ToString().ReplaceLineEndings("\n").TrimEnd().Split('\n'));
    }

    [Fact]
    public async Task Token_Refused_FailsWithTheReason()
    {
        using var server = new Answering(403, """{"detail":"This route needs the role 'admin'."}""");
        Assert.Equal(CommandLine.Failed, await Run("token", "revoke", server.Address, "0123456789abcdef"));
        Assert.Equal("/api/tokens/0123456789abcdef", server.LastPath);
        Assert.Contains("403: This route needs the role 'admin'.", output.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ok", CommandLine.Passed)]
    [InlineData("warning", CommandLine.Passed)]
    [InlineData("error", CommandLine.Failed)]
    public async Task Doctor_OfARunningApp_FailsOnlyOnErrors(string severity, int expected)
    {
        var found = $$"""{"time":"2026-05-01T00:00:00Z","status":"{{severity}}","findings":[{"check":"clock","severity":"{{severity}}","message":"it is late","fix":"wind it\nup"}]}""";
        using var server = new Answering(200, found);
        Assert.Equal(expected, await Run("doctor", server.Address));
        Assert.Equal("/api/doctor", server.LastPath);
        Assert.Contains("clock: it is late\n         fix: wind it\n         fix: up\n", output.ToString(), StringComparison.Ordinal);

        output.GetStringBuilder().Clear();
        Assert.Equal(expected, await Run("doctor", server.Address, "--format", "json"));
        using var json = JsonDocument.Parse(output.ToString());
        Assert.Equal(severity, json.RootElement.GetProperty("findings")[0].GetProperty("severity").GetString());
    }

    [Fact]
    public async Task Doctor_WithoutSettings_NamesThem()
    {
        Assert.Equal(CommandLine.Failed, await Run("doctor"));
        Assert.Contains("MlopsStorage__blobServiceUri is missing", output.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("token")]
    [InlineData("token create")]
    [InlineData("token create http://127.0.0.1:1 --role reader")]
    [InlineData("token revoke http://127.0.0.1:1")]
    [InlineData("")]
    [InlineData("doctor a b")]
    [InlineData("doctor --format xml")]
    [InlineData("doctor http://127.0.0.1:1")]
    [InlineData("check data")]
    [InlineData("check everything")]
    [InlineData("check data missing.parquet")]
    [InlineData("check data missing.csv")]
    [InlineData("check model a.csv")]
    [InlineData("check serving ftp://example.org --model m --rows r")]
    [InlineData("compare http://127.0.0.1:1 --model m --versions 1")]
    [InlineData("check data a.csv --unknown 1")]
    [InlineData("check data a.csv --junit")]
    public async Task Command_ThatCannotBeUnderstood_EndsWithTwo(string command)
    {
        Assert.Equal(CommandLine.Unusable, await Run(command.Split(' ', StringSplitOptions.RemoveEmptyEntries)));
        Assert.NotEmpty(errors.ToString());
    }

    [Theory]
    [InlineData(0.5, 2)]
    [InlineData(0.95, 4)]
    [InlineData(0.25, 1)]
    public void Percentile_OfFour_IsTheNearestRank(double p, double expected) => Assert.Equal(expected, CheckServing.Percentile([1, 2, 3, 4], p));

    private Task<int> Run(params string[] arguments) => CommandLine.RunAsync(arguments, output, errors, TestContext.Current.CancellationToken);

    private static string Yaml(string floor) => $"target: label\ntraining:\n  maxCandidates: 2\n  folds: 3\ngates:\n  floors:\n{floor}\n";

    private string Batch(string name, int seed, double noise = 0)
    {
        var random = new Random(seed);
        var text = new StringBuilder("x,y,label\n");
        for (var i = 0; i < 300; i++)
        {
            var x = random.NextDouble();
            var high = random.NextDouble() < noise ? random.NextDouble() < 0.5 : x > 0.5;
            text.Append(CultureInfo.InvariantCulture, $"{x:0.0000},{random.NextDouble():0.0000},{(high ? "high" : "low")}\n");
        }

        return Write(name, text.ToString());
    }

    private string Write(string name, string text)
    {
        var path = Path.Combine(folder, name);
        File.WriteAllText(path, text);
        return path;
    }

    /// <summary>Answers every request alike, on a free port.</summary>
    private sealed class Answering : IDisposable
    {
        private readonly HttpListener listener = Start();
        private int requests;

        public Answering(int status, string body)
        {
            Address = listener.Prefixes.Single();
            _ = ServeAsync(status, Encoding.UTF8.GetBytes(body));
        }

        public string Address { get; }

        public int Requests => requests;

        public string? LastPath { get; private set; }

        public string? LastBody { get; private set; }

        public void Dispose() => listener.Close();

        // A free port that is looked up first may be another's before it is used: so is one at random, but then the next is tried.
        private static HttpListener Start()
        {
            for (var attempt = 0; ; attempt++)
            {
                var listener = new HttpListener { Prefixes = { $"http://127.0.0.1:{Random.Shared.Next(20_000, 60_000)}/" } };
                try
                {
                    listener.Start();
                    return listener;
                }
                catch (HttpListenerException) when (attempt < 20)
                {
                    listener.Close();
                }
            }
        }

        private async Task ServeAsync(int status, byte[] body)
        {
            try
            {
                while (true)
                {
                    var context = await listener.GetContextAsync();
                    Interlocked.Increment(ref requests);
                    LastPath = context.Request.Url!.AbsolutePath;
                    LastBody = await new StreamReader(context.Request.InputStream).ReadToEndAsync();
                    context.Response.StatusCode = status;
                    await context.Response.OutputStream.WriteAsync(body);
                    context.Response.Close();
                }
            }
            catch (Exception exception) when (exception is HttpListenerException or ObjectDisposedException)
            {
                // The test is over.
            }
        }
    }
}
