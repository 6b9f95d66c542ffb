using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Mlops.TestKit;
using Mlops.TestKit.Running;

namespace Mlops.EndToEnd.Tests;

/// <summary>Every role at every route, allowed and refused; tokens by their limits.</summary>
public sealed class AccessTests(Platform platform, Callers callers) : IClassFixture<Callers>
{
    /// <summary>Every route, and the least role that it asks for.</summary>
    public static TheoryData<string, string, string> Routes => new()
    {
        { "GET", "/v2", "reader" },
        { "GET", "/v2/models/MODEL", "reader" },
        { "GET", "/v2/models/MODEL/ready", "reader" },
        { "POST", "/v2/models/MODEL/infer", "predictor" },
        { "POST", "/api/models/MODEL/predict", "predictor" },
        { "POST", "/api/models/MODEL/explain", "predictor" },
        { "POST", "/api/models/MODEL/feedback", "predictor" },
        { "POST", "/api/data/MODEL", "contributor" },
        { "POST", "/api/models/MODEL/retrain", "contributor" },
        { "GET", "/api/models/MODEL/retrain", "reader" },
        { "POST", "/api/models/MODEL/rollback", "approver" },
        { "GET", "/api/models", "reader" },
        { "GET", "/api/models/MODEL", "reader" },
        { "GET", "/api/models/MODEL/ledger", "reader" },
        { "GET", "/api/models/MODEL/ledger/verification", "reader" },
        { "GET", "/api/models/MODEL/configuration", "reader" },
        { "POST", "/api/models/MODEL/configuration/plan", "reader" },
        { "PUT", "/api/models/MODEL/configuration", "approver" },
        { "GET", "/api/costs", "reader" },
        { "GET", "/api/metrics", "reader" },
        { "GET", "/api/doctor", "reader" },
        { "GET", "/api/models/MODEL/drift", "reader" },
        { "GET", "/api/models/MODEL/drift/ID", "reader" },
        { "GET", "/api/quarantine/MODEL/ID", "reader" },
        { "GET", "/api/pipelines/ID", "reader" },
        { "GET", "/api/runs/ID", "reader" },
        { "GET", "/api/lineage/ID", "reader" },
        { "POST", "/api/tokens", "admin" },
        { "GET", "/api/tokens", "admin" },
        { "DELETE", "/api/tokens/0000000000000000", "admin" },
    };

    [ProcessTheory]
    [MemberData(nameof(Routes))]
    public async Task Route_LetsItsRolePass_AndNobodyBelow(string method, string path, string least)
    {
        path = path.Replace("MODEL", "nothing-here", StringComparison.Ordinal).Replace("ID", "nothing-here", StringComparison.Ordinal);
        (HttpStatusCode status, string body, HttpResponseHeaders headers) = await callers.SendAsync(method, path, null);
        Assert.Equal(HttpStatusCode.Unauthorized, status);
        Assert.Equal(["Bearer", "Basic"], headers.WwwAuthenticate.Select(challenge => challenge.Scheme));
        Assert.Equal(401, JsonDocument.Parse(body).RootElement.GetProperty("status").GetInt32());

        foreach (string role in Callers.Roles)
        {
            (status, body, headers) = await callers.SendAsync(method, path, callers.Token(role));
            if (Callers.Rank(role) < Callers.Rank(least))
            {
                Assert.Equal(HttpStatusCode.Forbidden, status);
                Assert.Contains($"needs the role '{least}'", JsonDocument.Parse(body).RootElement.GetProperty("detail").GetString(), StringComparison.Ordinal);
            }
            else
            {
                Assert.True(status is not (HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden or HttpStatusCode.InternalServerError), $"{role}: {status} {body}");
            }
        }
    }

    [ProcessFact]
    public async Task Probes_AskForNothing()
    {
        Assert.Equal(HttpStatusCode.OK, (await callers.SendAsync("GET", "/v2/health/live", null)).Status);
        Assert.Equal(HttpStatusCode.OK, (await callers.SendAsync("GET", "/v2/health/ready", null)).Status);
    }

    [ProcessFact]
    public async Task FirstToken_NeedsTheMasterKey()
    {
        var asked = new { name = "thief", role = "admin" };
        Assert.Equal(HttpStatusCode.Unauthorized, (await callers.SendAsync("POST", "/api/tokens/by-key", null, asked)).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await callers.SendAsync("POST", "/api/tokens/by-key", callers.Token("admin"), asked)).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await callers.SendAsync("POST", "/admin/functions/DriftTimer", callers.Token("admin"), new { input = "" })).Status);
    }

    [ProcessFact]
    public async Task Token_AsPasswordOfBasic_Opens()
    {
        string token = callers.Token("reader");
        AuthenticationHeaderValue basic = new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"anybody:{token}")));
        Assert.Equal(HttpStatusCode.OK, (await callers.SendAsync("GET", "/api/models", null, authorization: basic)).Status);
    }

    [ProcessFact]
    public async Task PrincipalHeader_IsNoProofHere()
    {
        string forged = Convert.ToBase64String("""{"auth_typ":"aad","claims":[{"typ":"oid","val":"1"},{"typ":"roles","val":"admin"}]}"""u8);
        Assert.Equal(HttpStatusCode.Unauthorized, (await callers.SendAsync("GET", "/api/models", null, header: ("X-MS-CLIENT-PRINCIPAL", forged))).Status);
    }

    [ProcessFact]
    public async Task RevokedToken_OpensNothing_AndTheLedgerSaysWho()
    {
        (string secret, string id) = await callers.CreateAsync("reader", "*");
        Assert.Equal(HttpStatusCode.OK, (await callers.SendAsync("GET", "/api/models", secret)).Status);
        Assert.Equal(HttpStatusCode.OK, (await callers.SendAsync("DELETE", $"/api/tokens/{id}", callers.Token("admin"))).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await callers.SendAsync("GET", "/api/models", secret)).Status);

        (_, string body, _) = await callers.SendAsync("GET", "/api/tokens", callers.Token("admin"));
        JsonElement root = JsonDocument.Parse(body).RootElement;
        JsonElement token = root.GetProperty("tokens").EnumerateArray().Single(listed => listed.GetProperty("id").GetString() == id);
        Assert.StartsWith("token ", token.GetProperty("revokedBy").GetString(), StringComparison.Ordinal);
        Assert.True(token.TryGetProperty("lastUsed", out _));
        Assert.False(root.TryGetProperty("brokenAt", out _));
        Assert.Equal(2, root.GetProperty("ledger").EnumerateArray().Count(entry => entry.GetProperty("detail").GetString()!.Contains(id, StringComparison.Ordinal)));
        Assert.DoesNotContain(Callers.Secret(secret), body, StringComparison.Ordinal);
        Assert.DoesNotContain("\"hash\":\"", body.Split("\"ledger\"")[0], StringComparison.Ordinal);
    }

    [ProcessTheory]
    [InlineData("""{"name":"x","role":"owner"}""")]
    [InlineData("""{"name":"","role":"reader"}""")]
    [InlineData("""{"name":"x","role":"reader","models":["Weather"]}""")]
    [InlineData("""{"name":"x","role":"reader","models":[]}""")]
    [InlineData("""{"name":"x","role":"reader","expiresInDays":0}""")]
    [InlineData("""{"name":"x","role":"reader","expiresInDays":1e9}""")]
    [InlineData("""["x"]""")]
    [InlineData("")]
    public async Task Token_AskedForWrongly_IsRefusedWithWhatIsExpected(string body)
    {
        (HttpStatusCode status, string text, _) = await callers.SendAsync("POST", "/api/tokens", callers.Token("admin"), content: new StringContent(body, Encoding.UTF8, "application/json"));
        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.Contains("xpected", text, StringComparison.Ordinal);
    }

    [ProcessFact]
    public async Task LimitedToken_SeesAndChangesItsModelsOnly_AndTheLedgerNamesIt()
    {
        string mine = TestNames.Model();
        string other = TestNames.Model();
        await platform.DropAsync(mine, "model.yaml", SeededData.QuickTraining);
        await platform.DropAsync(other, "model.yaml", SeededData.QuickTraining);
        string pipeline = await UploadAsync(mine, callers.Token("contributor"));
        string otherPipeline = await UploadAsync(other, callers.Token("contributor"));
        (string limited, string id) = await callers.CreateAsync("approver", mine);

        (_, string list, _) = await callers.SendAsync("GET", "/api/models", limited);
        Assert.Equal([mine], JsonDocument.Parse(list).RootElement.EnumerateArray().Select(model => model.GetProperty("name").GetString()));
        Assert.Equal(HttpStatusCode.OK, (await callers.SendAsync("GET", $"/api/models/{mine}", limited)).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await callers.SendAsync("GET", $"/api/models/{other}", limited)).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await callers.SendAsync("POST", $"/api/models/{other}/rollback", limited)).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await callers.SendAsync("POST", $"/api/data/{other}?name=a.csv", limited)).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await callers.SendAsync("GET", $"/api/pipelines/{otherPipeline}", limited)).Status);

        // Of the other model's things there is no more to see than of things that do not exist.
        JsonElement ended = await platform.PipelineAsync(pipeline);
        Assert.Equal(HttpStatusCode.OK, (await callers.SendAsync("GET", $"/api/pipelines/{pipeline}", limited)).Status);
        Assert.Equal("promoted", ended.GetProperty("status").GetString());
        Assert.StartsWith("token ", ended.GetProperty("actor").GetString(), StringComparison.Ordinal);
        string run = await RunAsync(mine, limited);
        Assert.Equal(HttpStatusCode.OK, (await callers.SendAsync("GET", $"/api/runs/{run}", limited)).Status);
        Assert.Equal(HttpStatusCode.OK, (await callers.SendAsync("GET", $"/api/lineage/{run}", limited)).Status);
        await platform.PipelineAsync(otherPipeline);
        string otherRun = await RunAsync(other, callers.Token("reader"));
        Assert.Equal(await MissingAsync("/api/runs/none", limited), await MissingAsync($"/api/runs/{otherRun}", limited));
        Assert.Equal(await MissingAsync("/api/lineage/none", limited), await MissingAsync($"/api/lineage/{otherRun}", limited));
        Assert.Equal(await MissingAsync("/api/lineage/none", limited), await MissingAsync($"/api/lineage/{other}@1", limited));

        // A rollback is refused here for want of a champion before, not for want of a role; the registration names who sent the data.
        Assert.Equal(HttpStatusCode.Conflict, (await callers.SendAsync("POST", $"/api/models/{mine}/rollback", limited)).Status);
        (_, string ledger, _) = await callers.SendAsync("GET", $"/api/models/{mine}/ledger", limited);
        JsonElement register = JsonDocument.Parse(ledger).RootElement.GetProperty("entries").EnumerateArray().First(entry => entry.GetProperty("action").GetString() == "register");
        Assert.Equal(ended.GetProperty("actor").GetString(), register.GetProperty("actor").GetString());
        Assert.DoesNotContain(id, register.ToString(), StringComparison.Ordinal);
    }

    [ProcessFact]
    public async Task Log_OfAHostThatAsks_HoldsNoSecret()
    {
        (string secret, _) = await callers.CreateAsync("reader", "*");
        await callers.SendAsync("GET", "/api/models", secret);
        await callers.SendAsync("POST", "/api/models/m/rollback", secret);
        await callers.SendAsync("GET", "/api/models", secret.Replace("mlops_", "mlops-", StringComparison.Ordinal));
        await callers.SendAsync("GET", $"/api/models?code={secret}", null);
        await Eventually.HoldsAsync("the refusal is logged", () => Task.FromResult(platform.Host.Log.Contains("Access to RollbackModel refused", StringComparison.Ordinal)));
        string log = platform.Host.Log;
        Assert.DoesNotContain(Callers.Secret(secret), log, StringComparison.Ordinal);
        Assert.All(callers.Secrets.Append(platform.Host.MasterKey), known => Assert.DoesNotContain(known, log, StringComparison.Ordinal));
    }

    private async Task<string> UploadAsync(string model, string token)
    {
        (HttpStatusCode status, string body, _) = await callers.SendAsync(
            "POST", $"/api/data/{model}?name=first.csv", token, content: new StringContent(SeededData.Csv(41), Encoding.UTF8, "text/csv"));
        Assert.Equal(HttpStatusCode.Accepted, status);
        return JsonDocument.Parse(body).RootElement.GetProperty("pipeline").GetString()!;
    }

    private async Task<string> RunAsync(string model, string token) =>
        JsonDocument.Parse((await callers.SendAsync("GET", $"/api/models/{model}", token)).Body).RootElement.GetProperty("versions")[0].GetProperty("run").GetString()!;

    private async Task<string> MissingAsync(string path, string token)
    {
        (HttpStatusCode status, string body, _) = await callers.SendAsync("GET", path, token);
        Assert.Equal(HttpStatusCode.NotFound, status);
        return body;
    }
}
