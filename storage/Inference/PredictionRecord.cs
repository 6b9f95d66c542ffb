using System.Text.Json.Nodes;

namespace Mlops.Storage.Inference;

/// <summary>One line of the prediction log: one row that was scored.</summary>
/// <param name="Id">The prediction's id.</param>
/// <param name="Time">When it was made.</param>
/// <param name="Version">The model version that answered.</param>
/// <param name="Key">The key that chose the version, or null.</param>
/// <param name="Inputs">The row as it was scored, by column; missing values are absent.</param>
/// <param name="Label">The predicted label; null for regression.</param>
/// <param name="Scores">Probabilities in the order of the classes, or the predicted number.</param>
public sealed record PredictionRecord(string Id, DateTimeOffset Time, int Version, string? Key, JsonObject Inputs, string? Label, float[] Scores);
