using System.Diagnostics;

namespace Mlops.Infra.Tests;

/// <summary>The scripts of the deployment, with tools that only do as if: what they refuse, and what they hand on.</summary>
public sealed class ScriptTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("mlops-scripts-").FullName;

    // What publishing leaves, as far as the script looks.
    private const string Complete = "mkdir -p $out/.azurefunctions $out/runtimes/linux-x64/native; touch $out/host.json $out/functions.metadata $out/worker.config.json $out/extensions.json";

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("true", 0, "package.zip: 0 MB")]
    [InlineData("rm $out/functions.metadata", 1, "lacks 'functions.metadata'")]
    [InlineData("rm -r $out/.azurefunctions", 1, "lacks '.azurefunctions'")]
    [InlineData("mkdir $out/runtimes/win-x64", 1, "native libraries of other platforms")]
    [InlineData("touch $out/local.settings.json", 1, "local.settings.json, which may hold secrets")]
    [InlineData("head -c 101000000 /dev/urandom > $out/model.bin", 1, "at most 100")]
    [InlineData("exit 3", 3, "")]
    public async Task Package_OfAPublishedFolder_IsMadeOrRefusedWithTheReason(string flaw, int exitCode, string said)
    {
        Tool("dotnet", $"while [ \"$1\" != --output ]; do shift; done; out=$2; {Complete}; {flaw}");
        (int code, string output) = await RunAsync("scripts/package.sh", [Path.Combine(_folder, "package.zip")]);
        Assert.Equal((exitCode, true), (code, output.Contains(said, StringComparison.Ordinal)));
        if (code == 0)
        {
            Assert.True(File.Exists(Path.Combine(_folder, "package.zip")));
            Assert.Contains("CycloneDX", await File.ReadAllTextAsync(Path.Combine(_folder, "package.cdx.json")), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Rollback_DeploysTheLastGoodPackage_AndSaysSoWhenThereIsNone()
    {
        string log = Path.Combine(_folder, "log");
        Tool("azd", $"echo azd \"$@\" >> {log}; cat \"$4\" >> {log}");
        Tool("az", $"echo az \"$@\" >> {log}; while [ \"$1\" != --file ]; do shift; done; printf good > \"$2\"");
        Assert.Equal(0, (await RunAsync("scripts/rollback.sh", [], ("MLOPS_APP_ACCOUNT", "stapp"))).Code);
        string[] done = await File.ReadAllLinesAsync(log);
        Assert.Matches("^az storage blob download --auth-mode login --account-name stapp --container-name releases --name last-good.zip ", done[0]);
        Assert.Matches("^azd deploy api --from-package .*zip --no-prompt$", done[1]);
        Assert.Equal("good", done[2]);

        File.Delete(log);
        Tool("az", "exit 3");
        (int code, string output) = await RunAsync("scripts/rollback.sh", [], ("MLOPS_APP_ACCOUNT", "stapp"));
        Assert.Equal(1, code);
        Assert.Contains("There is no last good package in stapp/releases", output, StringComparison.Ordinal);
        Assert.False(File.Exists(log), "It deployed something.");
    }

    private void Tool(string name, string script)
    {
        string path = Path.Combine(_folder, name);
        File.WriteAllText(path, $"#!/usr/bin/env bash\n{script}\n");
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }

    private async Task<(int Code, string Output)> RunAsync(string script, string[] arguments, params (string Name, string Value)[] environment)
    {
        ProcessStartInfo start = new("bash", [Repository.PathOf(script), .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["PATH"] = $"{_folder}:{Environment.GetEnvironmentVariable("PATH")}";
        foreach ((string name, string value) in environment)
        {
            start.Environment[name] = value;
        }

        using Process process = Process.Start(start)!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string output = await process.StandardOutput.ReadToEndAsync() + await errors;
        await process.WaitForExitAsync();
        return (process.ExitCode, output);
    }
}
