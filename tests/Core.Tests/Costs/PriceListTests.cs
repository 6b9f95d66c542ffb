using System.Text.Json;
using System.Text.Json.Nodes;
using Mlops.Core.Costs;

namespace Mlops.Core.Tests.Costs;

public class PriceListTests
{
    [Fact]
    public void Default_EveryMeter_HasAPriceWithItsSource()
    {
        Assert.Equal(Enum.GetValues<Meter>().Order(), PriceList.Default.Prices.Keys.Order());
        Assert.All(PriceList.Default.Prices.Values, price => Assert.StartsWith("https://azure.microsoft.com/pricing/details/", price.Source, StringComparison.Ordinal));
        Assert.Equal(3, PriceList.Default.Currency.Length);
        Assert.True(PriceList.Default.Date > new DateOnly(2026, 1, 1));
    }

    [Fact]
    public void Of_MillionExecutions_IsThePriceOfAMillion() => Assert.Equal(0.40, PriceList.Default.Of(Meter.Executions, 1_000_000), 9);

    [Fact]
    public void AfterGrant_WithinTheGrant_IsNothing()
    {
        Assert.Equal(0, PriceList.Default.AfterGrant(Meter.InstanceTime, 100_000));
        Assert.Equal(2.6, PriceList.Default.AfterGrant(Meter.InstanceTime, 200_000), 9);
    }

    [Theory]
    [InlineData("remove", "has no 'blobReads'")]
    [InlineData("unknown", "prices of nothing that is measured: gold")]
    [InlineData("negative", "Price 'executions'")]
    [InlineData("nowhere", "Price 'executions'")]
    [InlineData("member", "cannot be read")]
    public void FromJson_WrongList_SaysWhat(string damage, string expected)
    {
        JsonObject list = JsonNode.Parse(JsonSerializer.Serialize(Written()))!.AsObject();
        JsonObject prices = list["prices"]!.AsObject();
        switch (damage)
        {
            case "remove": prices.Remove("blobReads"); break;
            case "unknown": prices["gold"] = prices["executions"]!.DeepClone(); break;
            case "negative": prices["executions"]!["price"] = -1; break;
            case "nowhere": prices["executions"]!["source"] = ""; break;
            default: list["discount"] = 1; break;
        }

        Assert.Contains(expected, Assert.Throws<FormatException>(() => PriceList.FromJson(list.ToJsonString())).Message, StringComparison.Ordinal);
    }

    private static object Written() => new
    {
        currency = "EUR",
        region = "r",
        date = "2026-01-01",
        note = "n",
        prices = Enum.GetValues<Meter>().ToDictionary(meter => JsonNamingPolicy.CamelCase.ConvertName(meter.ToString()), _ => new { per = 1, price = 1, unit = "u", source = "s" }),
    };
}
