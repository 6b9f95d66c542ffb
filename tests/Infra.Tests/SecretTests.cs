using System.Diagnostics;
using System.Text.RegularExpressions;

namespace Mlops.Infra.Tests;

/// <summary>No file of the repository holds a secret. CI looks through the history, too.</summary>
public partial class SecretTests
{
    // No secret: the account key that every Azurite has.
    private static readonly string[] Public = ["Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw=="];

    // Hashes of packages look like keys.
    private static readonly string[] Hashes = ["package-lock.json", "packages.lock.json"];

    [Fact]
    public void TrackedFiles_HoldNoSecret()
    {
        var files = TrackedFiles();
        Assert.True(files.Count > 500, "The test no longer finds the files.");
        Assert.Empty(from file in files
                     where !Hashes.Contains(Path.GetFileName(file)) && File.Exists(Repository.PathOf(file)) && new FileInfo(Repository.PathOf(file)).Length < 5_000_000
                     from found in Find(Repository.Read(file))
                     select $"{file}: {found}");
    }

    [Fact]
    public void TrackedFiles_AreNoKeyFiles() =>
        Assert.DoesNotContain(TrackedFiles(), file => Path.GetFileName(file) is "local.settings.json" or ".env" || Path.GetExtension(file) is ".pfx" or ".p12" or ".pem" or ".key" or ".publishsettings");

    // Put together here, so that this file passes its own test.
    [Theory]
    [InlineData("storage key", "", "/0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789abcdefghijklm", "==")]
    [InlineData("shared access signature", "https://a.blob.core.windows.net/c?sv=1&", "sig=", "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFGH%3D")]
    [InlineData("private key", "-----BEGIN RSA ", "PRIVATE KEY", "-----")]
    [InlineData("token", "", "ghp_", "abcdefghijklmnopqrstuvwxyz0123456789")]
    [InlineData("token", "", "AKIA", "ABCDEFGHIJKLMNOP")]
    [InlineData("token", "xox", "b-1234567890", "-abcdefghij")]
    [InlineData("JSON web token", "eyJ", "hbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0", ".dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk")]
    [InlineData("client secret", "value: abc8", "Q~", "abcdefghijklmnopqrstuvwxyz01234567")]
    [InlineData("assigned secret", "client_", "secret = ", "\"correct horse battery staple\"")]
    public void Find_Secret_IsFound(string kind, string start, string middle, string end) => Assert.Contains(kind, Find(start + middle + end));

    [Theory]
    [InlineData("https://a.blob.core.windows.net/c?sv=1&sig=x")]
    [InlineData("AccountKey={key}")]
    [InlineData("password: ${{ vars.NOTHING }}")]
    public void Find_Placeholder_IsNot(string text) => Assert.Empty(Find(text));

    private static IEnumerable<string> Find(string text)
    {
        foreach (var known in Public)
        {
            text = text.Replace(known, "", StringComparison.Ordinal);
        }

        return Patterns().Where(pattern => pattern.Expression.IsMatch(text)).Select(pattern => pattern.Kind);
    }

    private static (string Kind, Regex Expression)[] Patterns() =>
        [("storage key", StorageKey()), ("shared access signature", Signature()), ("private key", PrivateKey()), ("token", Token()), ("JSON web token", Jwt()), ("client secret", ClientSecret()), ("assigned secret", Assigned())];

    // Without git (an unpacked archive) everything that is not built counts.
    private static IReadOnlyList<string> TrackedFiles()
    {
        if (!Path.Exists(Repository.PathOf(".git")))
        {
            return [.. Repository.Files(".", "*").Select(file => file.Replace("./", "", StringComparison.Ordinal))];
        }

        using var git = Process.Start(new ProcessStartInfo("git", ["ls-files", "-z"]) { RedirectStandardOutput = true, WorkingDirectory = Repository.Root })!;
        var files = git.StandardOutput.ReadToEnd();
        git.WaitForExit();
        return files.Split('\0', StringSplitOptions.RemoveEmptyEntries);
    }

    [GeneratedRegex("(?<![A-Za-z0-9+/])[A-Za-z0-9+/]{86}==")]
    private static partial Regex StorageKey();

    [GeneratedRegex("[?&]sig=[A-Za-z0-9%+/]{40,}")]
    private static partial Regex Signature();

    [GeneratedRegex("-----BEGIN ([A-Z]+ )*PRIVATE KEY-----")]
    private static partial Regex PrivateKey();

    [GeneratedRegex(@"\b(gh[pousr]_[A-Za-z0-9]{36}|github_pat_\w{60,}|glpat-[\w-]{20}|AKIA[0-9A-Z]{16}|xox[abpr]-\d{10,}-\w+|npm_[A-Za-z0-9]{36}|oy2[a-z0-9]{43})\b")]
    private static partial Regex Token();

    [GeneratedRegex(@"\beyJ[\w-]{20,}\.eyJ[\w-]{10,}\.[\w-]{20,}")]
    private static partial Regex Jwt();

    // The form of Entra client secrets.
    [GeneratedRegex(@"\b\w{3}[78]Q~[\w.~-]{31,34}")]
    private static partial Regex ClientSecret();

    [GeneratedRegex(@"(?i)\b(client_?secret|password|passwd|api_?key|access_?token)\b""?\s*[:=]\s*[""'](?![""'$<{(])[^""'\r\n]{12,}[""']")]
    private static partial Regex Assigned();
}
