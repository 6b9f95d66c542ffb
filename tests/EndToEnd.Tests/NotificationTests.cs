using System.Collections.Concurrent;
using System.Net;
using System.Text.Json;
using Mlops.TestKit;
using Mlops.TestKit.Running;

namespace Mlops.EndToEnd.Tests;

/// <summary>What happens to a model is posted, signed, to the addresses of its <c>model.yaml</c>.</summary>
public sealed class NotificationTests(Platform platform)
{
    [ProcessFact]
    public async Task Promotion_IsPosted_ToTheAddressOfTheModel_AgainAfterAFailure()
    {
        ConcurrentQueue<(string Id, string Signature, string Body)> received = new();
        using HttpListener listener = Listen(out string address);
        Task serving = Task.Run(async () =>
        {
            while (listener.IsListening)
            {
                HttpListenerContext http = await listener.GetContextAsync();
                received.Enqueue((http.Request.Headers["webhook-id"]!, http.Request.Headers["webhook-signature"]!, await new StreamReader(http.Request.InputStream).ReadToEndAsync()));

                // The first attempt finds the receiver out of order.
                http.Response.StatusCode = received.Count == 1 ? 503 : 204;
                http.Response.Close();
            }
        });
        string model = TestNames.Model("told");
        await platform.DropAsync(model, "model.yaml", $"{SeededData.QuickTraining}notifications:\n  webhooks: [{address}]\n");
        await platform.DropAsync(model, "rows.csv", SeededData.Csv(51));
        JsonElement pipeline = await platform.PipelineOfAsync(model, "rows.csv");
        Assert.Equal("promoted", pipeline.GetProperty("status").GetString());
        await Eventually.HoldsAsync("the promotion is posted a second time", () => Task.FromResult(received.Count >= 2));
        listener.Stop();
        await Assert.ThrowsAnyAsync<Exception>(() => serving);
        Assert.All(received, post => Assert.StartsWith("v1,", post.Signature, StringComparison.Ordinal));
        Assert.Single(received.Select(post => (post.Id, post.Body)).Distinct());
        using JsonDocument told = JsonDocument.Parse(received.First().Body);
        Assert.Equal("Mlops.ModelPromoted", told.RootElement.GetProperty("type").GetString());
        Assert.Equal(model, told.RootElement.GetProperty("data").GetProperty("model").GetString());
    }

    private static HttpListener Listen(out string address)
    {
        for (int attempt = 0; ; attempt++)
        {
            address = $"http://127.0.0.1:{Random.Shared.Next(20_000, 60_000)}/";
            HttpListener listener = new() { Prefixes = { address } };
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
}
