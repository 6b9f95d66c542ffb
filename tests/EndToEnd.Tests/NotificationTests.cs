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
        // The first attempt finds the receiver out of order.
        using WebhookReceiver receiver = new(number => number == 1 ? 503 : 204);
        string model = TestNames.Model("told");
        await platform.DropAsync(model, "model.yaml", $"{SeededData.QuickTraining}notifications:\n  webhooks: [{receiver.Address}]\n");
        await platform.DropAsync(model, "rows.csv", SeededData.Csv(51));
        JsonElement pipeline = await platform.PipelineOfAsync(model, "rows.csv");
        Assert.Equal("promoted", pipeline.GetProperty("status").GetString());
        await Eventually.HoldsAsync("the promotion is posted a second time", () => Task.FromResult(receiver.Received.Count >= 2));
        Assert.All(receiver.Received, post => Assert.StartsWith("v1,", post.Headers["webhook-signature"], StringComparison.Ordinal));
        Assert.Single(receiver.Received.Select(post => (post.Headers["webhook-id"], post.Body)).Distinct());
        using JsonDocument told = JsonDocument.Parse(receiver.Received.First().Body);
        Assert.Equal("Mlops.ModelPromoted", told.RootElement.GetProperty("type").GetString());
        Assert.Equal(model, told.RootElement.GetProperty("data").GetProperty("model").GetString());
    }
}
