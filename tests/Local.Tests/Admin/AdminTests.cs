using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Mlops.Local.Tests.Hosting;
using Mlops.TestKit;

namespace Mlops.Local.Tests.Admin;

public sealed class AdminTests(AzuriteFixture azurite) : IAsyncLifetime
{
    private LocalApp _app = null!;

    public async ValueTask InitializeAsync() => _app = await LocalApp.StartAsync(azurite.ConnectionString, [typeof(Functions)]);

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    [Fact]
    public async Task Status_SaysRunning()
    {
        var status = await _app.Client.GetFromJsonAsync<JsonElement>("admin/host/status");

        Assert.Equal("Running", status.GetProperty("state").GetString());
        Assert.Equal(HttpStatusCode.OK, (await _app.Client.GetAsync("admin/host/ping")).StatusCode);
    }

    [Fact]
    public async Task Functions_ListsEachWithItsBindings()
    {
        var function = (await _app.Client.GetFromJsonAsync<JsonElement>("admin/functions"))[0];

        Assert.Equal("Hello", function.GetProperty("name").GetString());
        Assert.EndsWith("/hello/{name}", function.GetProperty("invoke_url_template").GetString(), StringComparison.Ordinal);
        Assert.Equal("httpTrigger", function.GetProperty("config").GetProperty("bindings")[0].GetProperty("type").GetString());
        Assert.Equal(HttpStatusCode.OK, (await _app.Client.GetAsync("admin/functions/hello")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await _app.Client.GetAsync("admin/functions/other")).StatusCode);
    }

    [Theory]
    [InlineData("other", """{"input":""}""", HttpStatusCode.NotFound)]
    [InlineData("Hello", """{"input":""}""", HttpStatusCode.BadRequest)]
    public async Task ByHand_WhereItCannot_SaysSo(string function, string body, HttpStatusCode expected) =>
        Assert.Equal(expected, (await _app.Client.PostAsync($"admin/functions/{function}", new StringContent(body))).StatusCode);

    public sealed class Functions
    {
        [Function("Hello")]
        public static IResult Hello([HttpTrigger("get", Route = "hello/{name}")] HttpRequest request, string name) => Results.Text(name);
    }
}
