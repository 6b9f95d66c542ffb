using System.Text.RegularExpressions;
using YamlDotNet.RepresentationModel;

namespace Mlops.Infra.Tests;

/// <summary>The workflows parse, pin what they use, hold no secret and call scripts that exist.</summary>
public partial class WorkflowTests
{
    public static TheoryData<string> Workflows => [.. Repository.Files(".github/workflows", "*.yml")];

    public static TheoryData<string> Pipelines => [.. Repository.Files(".github", "*.yml").Concat(Repository.Files("pipelines", "*.yml"))];

    [Theory]
    [MemberData(nameof(Workflows))]
    public void Actions_InWorkflow_ArePinnedByCommit(string path)
    {
        foreach (var step in Jobs(path).Values.SelectMany(Steps).Where(step => step.Find("uses") is not null))
        {
            Assert.Matches("^[A-Za-z0-9_./-]+@[0-9a-f]{40}$", step["uses"].ToString());
        }

        // The comment behind the commit says which release it is.
        Assert.DoesNotContain(Repository.Read(path).Split('\n'), line => line.Contains("uses: ", StringComparison.Ordinal) && line.Contains('@', StringComparison.Ordinal) && !ReleaseComment().IsMatch(line));
    }

    [Theory]
    [MemberData(nameof(Workflows))]
    public void Jobs_InWorkflow_HaveLeastPermissionsAndATimeLimit(string path)
    {
        var workflow = Yaml.Load(path);
        Assert.Equal("read", workflow["permissions"]["contents"].ToString());
        Assert.DoesNotContain("write-all", workflow.Scalars());
        foreach (var job in Jobs(path).Values.Where(job => job.Find("steps") is not null))
        {
            Assert.InRange(int.Parse(job["timeout-minutes"].ToString(), System.Globalization.CultureInfo.InvariantCulture), 1, 60);
            Assert.Equal("ubuntu-24.04", job["runs-on"].ToString());
        }
    }

    [Theory]
    [MemberData(nameof(Workflows))]
    public void Needs_OfJobs_AreJobs(string path)
    {
        var jobs = Jobs(path);
        foreach (var job in jobs.Values)
        {
            var needs = job.Find("needs") switch { null => [], YamlSequenceNode list => list.Select(node => node.ToString()), var one => [one.ToString()] };
            Assert.All(needs, need => Assert.Contains(need, jobs.Keys));
            if (job.Find("uses")?.ToString() is { } called && called.StartsWith("./", StringComparison.Ordinal))
            {
                Assert.True(File.Exists(Repository.PathOf(called[2..])), $"{path} calls {called}, which does not exist.");
            }
        }
    }

    [Theory]
    [MemberData(nameof(Pipelines))]
    public void Scripts_ThatPipelinesRun_Exist(string path)
    {
        foreach (var script in Yaml.Load(path).Scalars().SelectMany(text => Script().Matches(text)).Select(match => match.Value))
        {
            Assert.True(File.Exists(Repository.PathOf(script)), $"{path} runs {script}, which does not exist.");
            if (!OperatingSystem.IsWindows())
            {
                Assert.True(File.GetUnixFileMode(Repository.PathOf(script)).HasFlag(UnixFileMode.UserExecute), $"{script} is not executable.");
            }
        }
    }

    [Theory]
    [MemberData(nameof(Pipelines))]
    public void Pipelines_Everywhere_HoldNoSecret(string path)
    {
        // The key of notifications is shared with their receivers: no identity can stand for it.
        Assert.DoesNotContain(Yaml.Load(path).Scalars(), text => (text.Contains("secrets.", StringComparison.Ordinal) && text != "${{ secrets.WEBHOOK_SECRET }}") || text.Contains("client-secret", StringComparison.OrdinalIgnoreCase) || text.Contains("AZURE_CREDENTIALS", StringComparison.Ordinal));
        Assert.DoesNotMatch("(?i)accountkey=|password:", Repository.Read(path));
    }

    [Fact]
    public void Deployment_ToProd_ComesAfterDevAndThroughItsEnvironment()
    {
        var jobs = Jobs(".github/workflows/azure-dev.yml");
        Assert.Equal("package", jobs["dev"]["needs"].ToString());
        Assert.Equal("dev", jobs["prod"]["needs"].ToString());
        Assert.Equal("dev", jobs["dev"]["with"]["environment"].ToString());
        Assert.Equal("prod", jobs["prod"]["with"]["environment"].ToString());
        Assert.All(new[] { "dev", "prod" }, job => Assert.Equal("write", jobs[job]["permissions"]["id-token"].ToString()));
        Assert.Equal("${{ inputs.environment }}", Jobs(".github/workflows/deploy.yml")["deploy"]["environment"].ToString());
    }

    [Fact]
    public void Deployment_OfAnEnvironment_TestsAndRollsBack()
    {
        var steps = Steps(Jobs(".github/workflows/deploy.yml")["deploy"]).ToArray();
        int Index(string text) => Array.FindIndex(steps, step => step.Find("run")?.ToString().Contains(text, StringComparison.Ordinal) == true);
        int[] order = [Index("azd provision --preview"), Index("azd provision --no-prompt"), Index("azd deploy api --from-package"), Index("scripts/smoke.sh"), Index("--name last-good.zip"), Index("scripts/rollback.sh")];
        Assert.DoesNotContain(-1, order);
        Assert.Equal(order.Order(), order);
        Assert.Equal("smoke", steps[order[3]]["id"].ToString());
        Assert.Equal("failure() && steps.smoke.conclusion == 'failure'", steps[order[5]]["if"].ToString());
    }

    [Fact]
    public void Options_OfTheTemplate_ReachTheDeployment_OrAPushWouldTurnThemOff()
    {
        var options = Variable().Matches(Repository.Read("infra/main.parameters.json")).Select(match => match.Groups["name"].Value).ToHashSet();
        Assert.Contains("LOG_RETENTION_DAYS", options);

        // azd finds out by itself who deploys.
        options.Remove("AZURE_PRINCIPAL_ID");
        var job = Jobs(".github/workflows/deploy.yml")["deploy"];
        var environment = ((YamlMappingNode)job["env"]).Children.ToDictionary(entry => entry.Key.ToString(), entry => entry.Value.ToString());
        Assert.Equal(["WEBHOOK_SECRET"], options.Except(environment.Keys));
        Assert.All(environment.Where(entry => entry.Key is not ("AZURE_PRINCIPAL_TYPE" or "ENVIRONMENT_TYPE")), entry => Assert.Equal($"${{{{ vars.{entry.Key} }}}}", entry.Value));

        // The one secret goes to azd alone, not to the actions that others wrote.
        var given = Steps(job).Where(step => step.Find("env")?.Find("WEBHOOK_SECRET") is not null).Select(step => step["run"].ToString());
        Assert.Equal(["azd provision --preview --no-prompt", "azd provision --no-prompt"], given);
        Assert.All(new[] { "dev", "prod" }, job => Assert.Equal("inherit", Jobs(".github/workflows/azure-dev.yml")[job]["secrets"].ToString()));

        var pipeline = Yaml.Load("azure.yaml")["pipeline"];
        var forwarded = new[] { "variables", "secrets" }.SelectMany(kind => (YamlSequenceNode)pipeline[kind]).Select(node => node.ToString());
        Assert.Equal(options.Where(name => !name.StartsWith("AZURE_", StringComparison.Ordinal)).Order(), forwarded.Order());
        Assert.Equal("WEBHOOK_SECRET", Assert.Single((YamlSequenceNode)pipeline["secrets"]).ToString());
    }

    [Fact]
    public void Ci_ForEveryChange_RunsEveryProof() =>
        Assert.Equal(["audit", "host", "local", "official", "secrets", "templates"], Jobs(".github/workflows/ci.yml").Keys.Order());

    [Fact]
    public void Ci_Audit_LooksAtShippedBuiltAndTestedPackages()
    {
        var jobs = Jobs(".github/workflows/ci.yml");
        string[] Runs(string job) => [.. Steps(jobs[job]).Select(step => step.Find("run")?.ToString() ?? "")];
        Assert.Contains(Runs("official"), run => run.Contains("package --vulnerable --include-transitive", StringComparison.Ordinal));
        Assert.Contains(Runs("audit"), run => run.Contains("Mlops.Serverless.sln package --vulnerable", StringComparison.Ordinal));
        Assert.Contains(Runs("audit"), run => run.Contains("npm audit", StringComparison.Ordinal));
        Assert.Contains(Runs("secrets"), run => run.Contains("gitleaks", StringComparison.Ordinal));
    }

    [Fact]
    public void Ci_LocalTests_LeaveAReportAndCoverage()
    {
        var runs = Steps(Jobs(".github/workflows/ci.yml")["local"]).Select(step => step.Find("run")?.ToString() ?? "").ToArray();
        Assert.Contains(runs, run => run.Contains("--logger trx", StringComparison.Ordinal) && run.Contains("Code Coverage;Format=Cobertura", StringComparison.Ordinal));
        Assert.Contains(runs, run => run.Contains("scripts/test-summary.sh TestResults >> \"$GITHUB_STEP_SUMMARY\"", StringComparison.Ordinal));
    }

    [Fact]
    public void Release_OfATag_CarriesItsBillOfMaterials()
    {
        Assert.Contains("${zip%.zip}.cdx.json", Repository.Read("scripts/package.sh"), StringComparison.Ordinal);
        var job = Jobs(".github/workflows/release.yml")["release"];
        Assert.Equal("write", job["permissions"]["contents"].ToString());
        Assert.Contains(Steps(job), step => step.Find("run")?.ToString().Contains("gh release create", StringComparison.Ordinal) == true && step["run"].ToString().Contains("package.cdx.json", StringComparison.Ordinal));
    }

    [Fact]
    public void EndToEndTests_OnTheRealHost_AreGivenItsAddress()
    {
        var step = Steps(Jobs(".github/workflows/ci.yml")["host"]).Single(step => step.Find("run")?.ToString().Contains("tests/EndToEnd.Tests", StringComparison.Ordinal) == true);
        Assert.NotNull(step["env"].Find("MLOPS_BASE_URL"));
        Assert.NotNull(step["env"].Find("MLOPS_STORAGE"));
    }

    [Fact]
    public void EndToEndTests_OnTheRealHost_AreWhoTheAppAsksFor()
    {
        var steps = Steps(Jobs(".github/workflows/ci.yml")["host"]).ToArray();
        int Index(string text) => Array.FindIndex(steps, step => step.Find("run")?.ToString().Contains(text, StringComparison.Ordinal) == true);
        int[] order = [Index("func start"), Index("MLOPS_TOKEN=$token"), Index("scripts/smoke.sh"), Index("tests/EndToEnd.Tests")];
        Assert.DoesNotContain(-1, order);
        Assert.Equal(order.Order(), order);
        Assert.Contains("/api/tokens/by-key", steps[order[1]]["run"].ToString(), StringComparison.Ordinal);

        // The tests ask more often than the app lets anybody ask by default.
        var given = ((YamlMappingNode)steps[order[0]]["env"]).Children.ToDictionary(entry => entry.Key.ToString(), entry => entry.Value.ToString());
        Assert.All(new[] { "MlopsRequestsPerSecond", "MlopsAnonymousRequestsPerSecond" }, name => Assert.True(int.Parse(given[name], System.Globalization.CultureInfo.InvariantCulture) > 10_000));
        Assert.NotEqual("off", given.GetValueOrDefault("MlopsAuthentication"));
    }

    [Fact]
    public void Dependabot_Watches_PackagesAndActions()
    {
        var ecosystems = ((YamlSequenceNode)Yaml.Load(".github/dependabot.yml")["updates"]).Select(update => update["package-ecosystem"].ToString());
        Assert.Equal(["github-actions", "npm", "nuget"], ecosystems.Order());
    }

    private static Dictionary<string, YamlNode> Jobs(string path) =>
        ((YamlMappingNode)Yaml.Load(path)["jobs"]).Children.ToDictionary(job => job.Key.ToString(), job => job.Value);

    private static IEnumerable<YamlNode> Steps(YamlNode job) => job.Find("steps") is YamlSequenceNode steps ? steps : [];

    [GeneratedRegex(@"# v\d+\.\d+\.\d+$")]
    private static partial Regex ReleaseComment();

    [GeneratedRegex(@"\$\{(?<name>[A-Z_]+)")]
    private static partial Regex Variable();

    [GeneratedRegex(@"scripts/[a-z-]+\.sh")]
    private static partial Regex Script();
}
