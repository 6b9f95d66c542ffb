using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Http;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Mlops.Local.Tests.Hosting;
using Mlops.TestKit;

namespace Mlops.Local.Tests.Durable;

/// <summary>Durable functions in the embedded host: attributes, binding, the management API.</summary>
public sealed class HostedDurableTests(AzuriteFixture azurite)
{
    private const string Api = "/runtime/webhooks/durabletask";

    [Fact]
    public async Task FunctionsByAttribute_AreBoundAndRun()
    {
        await using var app = await StartAsync();

        using var started = await app.Client.PostAsJsonAsync("/start", new Order("tea", 3));

        Assert.Equal(HttpStatusCode.Accepted, started.StatusCode);
        var payload = await started.Content.ReadFromJsonAsync<JsonElement>();
        var id = payload.GetProperty("Id").GetString()!;
        Assert.Equal($"{app.Client.BaseAddress}{Api[1..]}/instances/{id}", started.Headers.Location!.ToString());
        Assert.Equal(started.Headers.Location.ToString(), payload.GetProperty("StatusQueryGetUri").GetString());
        var status = await EndAsync(app, id);
        Assert.Equal($"tea x 3 by {id}", status.GetProperty("output").GetString());
        Assert.Equal("tea", status.GetProperty("input").GetProperty("Item").GetString());
    }

    [Fact]
    public async Task Api_StartsRaisesShowsAndPurges()
    {
        await using var app = await StartAsync();

        using var started = await PostAsync(app, $"{Api}/orchestrators/Approval/a1", "{\"Item\":\"x\",\"Count\":1}");
        Assert.Equal(HttpStatusCode.Accepted, started.StatusCode);
        Assert.Equal(TimeSpan.FromSeconds(10), started.Headers.RetryAfter!.Delta);
        var payload = await started.Content.ReadFromJsonAsync<JsonElement>();
        Assert.EndsWith("/instances/a1/raiseEvent/{eventName}", payload.GetProperty("sendEventPostUri").GetString(), StringComparison.Ordinal);

        using var running = await app.Client.GetAsync($"{Api}/instances/a1");
        Assert.Equal(HttpStatusCode.Accepted, running.StatusCode);
        Assert.Equal(TimeSpan.FromSeconds(5), running.Headers.RetryAfter!.Delta);

        using var refused = await app.Client.PostAsync($"{Api}/instances/a1/raiseEvent/approve", new StringContent("no json", Encoding.UTF8, "application/json"));
        Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
        using var raised = await PostAsync(app, $"{Api}/instances/a1/raiseEvent/approve", "true");
        Assert.Equal(HttpStatusCode.Accepted, raised.StatusCode);
        var ended = await EndAsync(app, "a1", "?showHistory=true&showHistoryOutput=true");
        Assert.True(ended.GetProperty("output").GetBoolean());
        Assert.Equal(["ExecutionStarted", "EventRaised", "ExecutionCompleted"], ended.GetProperty("historyEvents").EnumerateArray().Select(e => e.GetProperty("EventType").GetString()!));

        using var gone = await PostAsync(app, $"{Api}/instances/a1/raiseEvent/approve", "true");
        Assert.Equal(HttpStatusCode.Gone, gone.StatusCode);
        using var unknown = await PostAsync(app, $"{Api}/instances/nobody/terminate?reason=x", "");
        Assert.Equal(HttpStatusCode.NotFound, unknown.StatusCode);
        using var again = await PostAsync(app, $"{Api}/instances/a1/restart?restartWithNewInstanceId=false", "");
        Assert.Equal(HttpStatusCode.Accepted, again.StatusCode);
        using var terminated = await PostAsync(app, $"{Api}/instances/a1/terminate?reason=enough", "");
        Assert.Equal(HttpStatusCode.Accepted, terminated.StatusCode);
        Assert.Equal("enough", (await EndAsync(app, "a1")).GetProperty("output").GetString());

        using var purged = await app.Client.DeleteAsync($"{Api}/instances/a1");
        Assert.Equal("{\"instancesDeleted\":1}", await purged.Content.ReadAsStringAsync());
        using var missing = await app.Client.GetAsync($"{Api}/instances/a1");
        Assert.Equal(HttpStatusCode.NotFound, missing.StatusCode);
    }

    [Fact]
    public async Task Api_ListsWithFiltersAndContinuation()
    {
        await using var app = await StartAsync();
        for (var i = 0; i < 5; i++)
        {
            (await PostAsync(app, $"{Api}/orchestrators/Approval/l{i}", "{\"Item\":\"x\",\"Count\":1}")).Dispose();
        }

        (await PostAsync(app, $"{Api}/instances/l4/raiseEvent/approve", "false")).Dispose();
        await EndAsync(app, "l4");
        var seen = new List<string>();
        string? token = "";
        while (token is not null)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, $"{Api}/instances?top=2&instanceIdPrefix=l&runtimeStatus=Running,Pending&showInput=false");
            request.Headers.Add("x-ms-continuation-token", token);
            using var response = await app.Client.SendAsync(request);
            seen.AddRange((await response.Content.ReadFromJsonAsync<JsonElement>()).EnumerateArray().Select(i => i.GetProperty("instanceId").GetString()!));
            token = response.Headers.TryGetValues("x-ms-continuation-token", out var values) && values.Single() is { Length: > 0 } next ? next : null;
        }

        Assert.Equal(["l0", "l1", "l2", "l3"], seen);
        using var wrong = await app.Client.GetAsync($"{Api}/instances?runtimeStatus=Nonsense");
        Assert.Equal(HttpStatusCode.BadRequest, wrong.StatusCode);
        using var noTime = await app.Client.DeleteAsync($"{Api}/instances");
        Assert.Equal(HttpStatusCode.BadRequest, noTime.StatusCode);
        using var all = await app.Client.DeleteAsync($"{Api}/instances?createdTimeFrom=2020-01-01T00:00:00Z&runtimeStatus=Completed");
        Assert.Equal("{\"instancesDeleted\":1}", await all.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task Api_WithTimeout_WaitsForTheOutput_AndReportsFailures()
    {
        await using var app = await StartAsync();

        using var done = await PostAsync(app, $"{Api}/orchestrators/PlaceOrder?timeout=30&pollingInterval=1", "{\"Item\":\"tea\",\"Count\":2}");
        Assert.Equal(HttpStatusCode.OK, done.StatusCode);
        Assert.StartsWith("\"tea x 2", await done.Content.ReadAsStringAsync(), StringComparison.Ordinal);

        (await PostAsync(app, $"{Api}/orchestrators/PlaceOrder/bad", "{\"Item\":null,\"Count\":0}")).Dispose();
        var failed = await EndAsync(app, "bad");
        Assert.Equal("Failed", failed.GetProperty("runtimeStatus").GetString());
        Assert.Contains("an order needs an item", failed.GetProperty("output").GetString(), StringComparison.Ordinal);
        using var asked = await app.Client.GetAsync($"{Api}/instances/bad?returnInternalServerErrorOnFailure=true");
        Assert.Equal(HttpStatusCode.InternalServerError, asked.StatusCode);
        using var unknown = await PostAsync(app, $"{Api}/orchestrators/Nowhere", "");
        Assert.Equal(HttpStatusCode.BadRequest, unknown.StatusCode);
        using var id = await PostAsync(app, $"{Api}/orchestrators/PlaceOrder/%40x", "{\"Item\":\"x\",\"Count\":1}");
        Assert.Equal(HttpStatusCode.BadRequest, id.StatusCode);
    }

    [Fact]
    public async Task Api_WhereKeysAreOn_AsksForTheExtensionsKey()
    {
        await using var app = await StartAsync(enforceKeys: true);

        using var refused = await app.Client.GetAsync($"{Api}/instances");
        Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
        using var started = await app.Client.PostAsJsonAsync("/start", new Order("tea", 1));
        using var status = await app.Client.GetAsync(started.Headers.Location);
        Assert.NotEqual(HttpStatusCode.Unauthorized, status.StatusCode);
    }

    private static async Task<JsonElement> EndAsync(LocalApp app, string id, string query = "")
    {
        JsonElement status = default;
        await Hub.UntilAsync(
            async () =>
            {
                using var response = await app.Client.GetAsync($"{Api}/instances/{id}{query}");
                status = await response.Content.ReadFromJsonAsync<JsonElement>();
                return response.StatusCode == HttpStatusCode.OK;
            },
            $"the end of '{id}'");
        return status;
    }

    private static Task<HttpResponseMessage> PostAsync(LocalApp app, string path, string json)
        => app.Client.PostAsync(path, json.Length == 0 ? null : new StringContent(json, Encoding.UTF8, "application/json"));

    private Task<LocalApp> StartAsync(bool enforceKeys = false) => LocalApp.StartAsync(
        azurite.ConnectionString,
        [typeof(Functions)],
        options: options => options with { EnforceKeys = enforceKeys },
        hostJson: $$"""{ "version": "2.0", "extensions": { "http": { "routePrefix": "" }, "durableTask": { "hubName": "{{TestNames.Table("Hub")}}" } } }""");

    /// <summary>An input.</summary>
    public sealed record Order(string? Item, int Count);

    /// <summary>The app.</summary>
    public static class Functions
    {
        [Function("Start")]
        public static async Task<HttpResponseData> StartAsync([HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "start")] HttpRequestData request, [DurableClient] DurableTaskClient client)
        {
            var order = await request.ReadFromJsonAsync<Order>();
            var id = await client.ScheduleNewOrchestrationInstanceAsync(nameof(PlaceOrder), order);
            return await client.CreateCheckStatusResponseAsync(request, id);
        }

        [Function(nameof(PlaceOrder))]
        public static async Task<string> PlaceOrder([OrchestrationTrigger] TaskOrchestrationContext context, Order order)
            => await context.CallActivityAsync<string>(nameof(Describe), order);

        [Function(nameof(Approval))]
        public static async Task<bool> Approval([OrchestrationTrigger] TaskOrchestrationContext context)
            => context.GetInput<Order>()!.Count == 1 && await context.WaitForExternalEvent<bool>("approve");

        [Function(nameof(Describe))]
        public static string Describe([ActivityTrigger] Order order, string instanceId)
            => order.Item is null ? throw new ArgumentException("an order needs an item") : $"{order.Item} x {order.Count} by {instanceId}";
    }
}
