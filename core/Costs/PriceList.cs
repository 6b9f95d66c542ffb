using System.Reflection;
using System.Text.Json;

namespace Mlops.Core.Costs;

/// <summary>Prices of what is used, with where they come from. The list is data (<c>core/Costs/prices.json</c>), not code.</summary>
/// <param name="Currency">The currency, as ISO 4217 names it.</param>
/// <param name="Region">The Azure region they hold for.</param>
/// <param name="Date">When they were looked up.</param>
/// <param name="Note">What they include and what not.</param>
/// <param name="Prices">Prices by meter.</param>
public sealed record PriceList(string Currency, string Region, DateOnly Date, string Note, IReadOnlyDictionary<Meter, Price> Prices)
{
    private static readonly JsonSerializerOptions _json = new(JsonSerializerDefaults.Web)
    {
        UnmappedMemberHandling = System.Text.Json.Serialization.JsonUnmappedMemberHandling.Disallow,
    };

    /// <summary>The list that came with the platform.</summary>
    public static PriceList Default { get; } = Load();

    /// <summary>Reads a list.</summary>
    /// <exception cref="FormatException">It is not one: a meter is missing or unknown, a price is negative, or nothing says where it comes from.</exception>
    public static PriceList FromJson(string json)
    {
        try
        {
            Document document = JsonSerializer.Deserialize<Document>(json, _json) ?? throw new FormatException("The price list is empty.");
            Dictionary<Meter, Price> prices = [];
            foreach (Meter meter in Enum.GetValues<Meter>())
            {
                string name = JsonNamingPolicy.CamelCase.ConvertName(meter.ToString());
                Price price = document.Prices.GetValueOrDefault(name) ?? throw new FormatException($"The price list has no '{name}'.");
                if (price.Per <= 0 || price.Amount < 0 || price.Free < 0 || string.IsNullOrWhiteSpace(price.Source) || string.IsNullOrWhiteSpace(price.Unit))
                {
                    throw new FormatException($"Price '{name}': expected 'per' above 0, 'price' and 'free' of at least 0, a 'unit' and a 'source'.");
                }

                prices[meter] = price;
            }

            return document.Prices.Count == prices.Count
                ? new PriceList(document.Currency, document.Region, document.Date, document.Note, prices)
                : throw new FormatException($"The price list has prices of nothing that is measured: {string.Join(", ", document.Prices.Keys.Except(prices.Keys.Select(meter => JsonNamingPolicy.CamelCase.ConvertName(meter.ToString()))))}.");
        }
        catch (JsonException exception)
        {
            throw new FormatException($"The price list cannot be read: {exception.Message}", exception);
        }
    }

    /// <summary>The list price of a quantity, free grants left out.</summary>
    public double Of(Meter meter, double quantity) => quantity / Prices[meter].Per * Prices[meter].Amount;

    /// <summary>What a quantity costs once the free grant of a month is used up by it.</summary>
    public double AfterGrant(Meter meter, double quantity) => Of(meter, Math.Max(0, quantity - Prices[meter].Free));

    private static PriceList Load()
    {
        using Stream stream = Assembly.GetExecutingAssembly().GetManifestResourceStream("prices.json") ?? throw new InvalidOperationException("The build left prices.json out.");
        using StreamReader reader = new(stream);
        return FromJson(reader.ReadToEnd());
    }

    private sealed record Document(string Currency, string Region, DateOnly Date, string Note, Dictionary<string, Price> Prices);
}
