using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.RegularExpressions;
using Mlops.TestKit;
using Mlops.TestKit.Running;

namespace Mlops.EndToEnd.Tests;

/// <summary>Every page of the platform, after somebody stored names and values that are meant to run in the browser of whoever looks.</summary>
public sealed partial class PageTests(Platform platform)
{
    private const string Run = "new Image().src='/ran'";

    // What the pages are made of; anything else came from the data.
    private static readonly HashSet<string> Elements =
        ["html", "head", "meta", "title", "style", "body", "h1", "h2", "h3", "p", "a", "b", "small", "span", "table", "thead", "tbody", "tr", "th", "td", "ol", "li", "figure", "figcaption", "svg", "text", "rect", "line", "circle"];

    private static readonly HashSet<string> Attributes =
        ["lang", "charset", "name", "content", "class", "viewBox", "role", "aria-label", "x", "y", "width", "height", "font-size", "text-anchor", "fill", "stroke", "stroke-width", "x1", "x2", "y1", "y2", "cx", "cy", "r", "href"];

    private static readonly string[] Hostile =
    [
        $"<img src=x onerror=\"{Run}\">",
        $"</title></style></td></svg><script>{Run}</script>",
        $"\" onmouseover=\"{Run}\" autofocus onfocus=\"{Run}",
        $"' style='x' onload='{Run}",
        $"<svg/onload={Run}>",
        "&lt;script&gt;",
    ];

    [Fact]
    public async Task Pages_OfHostileNamesAndValues_HoldOurElementsOnly_AndLetNothingRun()
    {
        foreach ((string path, string html) in await StoreAndReadAsync())
        {
            HttpResponseMessage page = await OpenAsync(path);
            Assert.Equal("text/html; charset=utf-8", page.Content.Headers.ContentType!.ToString());
            Assert.Equal("nosniff", Assert.Single(page.Headers.GetValues("X-Content-Type-Options")));
            Assert.Equal("no-referrer", Assert.Single(page.Headers.GetValues("Referrer-Policy")));
            string policy = Assert.Single(page.Headers.GetValues("Content-Security-Policy"));
            Assert.StartsWith("default-src 'none'; style-src 'unsafe-inline';", policy, StringComparison.Ordinal);
            Assert.Contains("frame-ancestors 'none'", policy, StringComparison.Ordinal);
            Assert.DoesNotContain("script-src", policy, StringComparison.Ordinal);
            Inspect(path, html);
        }
    }

    [Fact]
    public void Inspect_APageInWhichSomethingRuns_FindsIt() =>
        Assert.All(new[] { Hostile[0], Hostile[1], Hostile[2], Hostile[4] }, hostile => Assert.ThrowsAny<Xunit.Sdk.XunitException>(() => Inspect("a page", $"<p class=\"x{(hostile[0] is '<' ? "\">" : string.Empty)}{hostile}\">text</p>")));

    [BrowserFact]
    public async Task Pages_OfHostileNamesAndValues_InABrowser_RunNothing_EvenWithoutTheirPolicy()
    {
        using BrowserSession browser = new();
        await browser.OpenAsync($"<p>control</p><script>{Run}</script>");
        Assert.True(browser.Ran, "The browser runs no scripts at all, which would prove nothing.");
        foreach ((string path, string html) in await StoreAndReadAsync())
        {
            string seen = await browser.OpenAsync(html);
            Assert.False(browser.Ran, $"{path} ran a script.");
            Assert.Contains("<h1>", seen, StringComparison.Ordinal);
        }
    }

    private static void Inspect(string path, string html)
    {
        string rest = Doctype().Replace(html, string.Empty, 1);
        rest = Style().Replace(rest, match =>
        {
            Assert.DoesNotMatch("(?i)<|url\\(|@import|expression", match.Groups["style"].Value);
            return string.Empty;
        });
        rest = Tag().Replace(rest, match =>
        {
            Assert.True(Elements.Contains(match.Groups["name"].Value), $"{path}: found the element {match.Value}");
            Assert.All(match.Groups["attribute"].Captures, attribute => Assert.True(Attributes.Contains(attribute.Value), $"{path}: found the attribute {attribute.Value} in {match.Value}"));
            Assert.All(Link().Matches(match.Value), link => Assert.True(link.Groups["to"].Value.StartsWith("/api/", StringComparison.Ordinal), $"{path}: found a link to elsewhere, {link.Value}"));
            return string.Empty;
        });
        int bare = rest.IndexOf('<', StringComparison.Ordinal);
        Assert.True(bare < 0, $"{path}: found what is no element of ours: {rest[Math.Max(0, bare)..Math.Min(rest.Length, Math.Max(0, bare) + 80)]}");
    }

    private async Task<IReadOnlyList<(string Path, string Html)>> StoreAndReadAsync()
    {
        string model = TestNames.Model("pages");
        await platform.DropAsync(model, "model.yaml", SeededData.QuickTraining + "monitoring:\n  minRows: 50\n");
        await platform.DropAsync(model, "first.csv", Csv());
        JsonElement first = await platform.PipelineOfAsync(model, "first.csv");
        Assert.True(first.GetProperty("status").GetString() == "promoted", first.ToString());
        await platform.ChampionAsync(model, 1);

        // A batch that breaks the contract in hostile words.
        await platform.DropAsync(model, "bad.csv", string.Join(',', Columns().Skip(1)) + "\n" + string.Concat(Enumerable.Range(0, 60).Select(i => $"{Quoted(Hostile[i % Hostile.Length])},{Quoted(Hostile[1])},yes\n")));
        JsonElement blocked = await platform.PipelineOfAsync(model, "bad.csv");
        Assert.True(blocked.GetProperty("status").GetString() == "blocked", blocked.ToString());

        // Another world, so that the drift report shows columns, categories and causes.
        IEnumerable<Dictionary<string, object>> rows = Enumerable.Range(0, 200).Select(i => new Dictionary<string, object> { [Hostile[0]] = 50 + (i % 9), [Hostile[1]] = i % 7, [Hostile[2]] = Hostile[3] });
        (await platform.PredictAsync(model, rows)).Expect(HttpStatusCode.OK);
        string report = await platform.DriftAsync(model, drift => drift.GetProperty("verdict").GetString() == "drift");
        List<(string, string)> pages = [];
        string ended = first.GetProperty("id").GetString()!, stopped = blocked.GetProperty("id").GetString()!;
        foreach ((string path, bool quotes) in new[]
        {
            ($"/api/quarantine/{model}/{stopped}", true),
            ($"/api/models/{model}/drift/{report}", true),
            ($"/api/models/{model}?format=html", true),
            ($"/api/pipelines/{stopped}?format=html", false),
            ($"/api/pipelines/{ended}?format=html", false),
            ("/api/models?format=html", false),
            ("/api/costs?format=html", false),
        })
        {
            string html = (await platform.GetAsync(path)).Expect(HttpStatusCode.OK).Text;

            // The words arrived, encoded: a page of names and values without them would prove nothing.
            Assert.True(!quotes || html.Contains("onerror=&quot;", StringComparison.Ordinal), path);
            pages.Add((path, html));
        }

        return pages;
    }

    private async Task<HttpResponseMessage> OpenAsync(string path)
    {
        using HttpClient http = new() { BaseAddress = platform.BaseUrl };
        http.DefaultRequestHeaders.Authorization = platform.AdminToken.Length == 0 ? null : new AuthenticationHeaderValue("Bearer", platform.AdminToken);
        return await http.GetAsync(path);
    }

    private static IEnumerable<string> Columns() => Hostile[..3].Append("label").Select(Quoted);

    private static string Quoted(string text) => $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    private static string Csv()
    {
        Random random = new(7);
        return string.Join(',', Columns()) + "\n" + string.Concat(Enumerable.Range(0, 400).Select(i =>
        {
            double x = random.NextDouble() * 4;
            return string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{x:0.00},{i % 7},{Quoted(Hostile[3 + (i % 3)])},{(x > 2 ? "yes" : "no")}\n");
        }));
    }

    [GeneratedRegex("^<!doctype html>", RegexOptions.IgnoreCase)]
    private static partial Regex Doctype();

    [GeneratedRegex("<style>(?<style>.*?)</style>", RegexOptions.Singleline)]
    private static partial Regex Style();

    [GeneratedRegex("href=\"(?<to>[^\"]*)\"")]
    private static partial Regex Link();

    [GeneratedRegex("""</?(?<name>[a-z][a-z0-9]*)(\s+(?<attribute>[a-zA-Z][a-zA-Z0-9-]*)="[^"<>]*")*\s*/?>""")]
    private static partial Regex Tag();
}
