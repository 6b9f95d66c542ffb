using System.Text.Json.Serialization;

namespace Mlops.Core.Costs;

/// <summary>The price of one meter.</summary>
/// <param name="Per">How many units the price is for.</param>
/// <param name="Amount">The price, in the currency of the list.</param>
/// <param name="Unit">What is counted.</param>
/// <param name="Source">Where the price was looked up.</param>
/// <param name="Free">Units a month that cost nothing, for the whole subscription. 0: none.</param>
public sealed record Price(double Per, [property: JsonPropertyName("price")] double Amount, string Unit, string Source, double Free = 0);
