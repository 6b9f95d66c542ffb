namespace Mlops.Core.Learning.Search;

/// <summary>Settings to measure, with some effort.</summary>
/// <param name="Number">Counts trials from 0.</param>
/// <param name="Configuration">Counts distinct settings from 0: a setting that goes on to a higher rung keeps its number.</param>
/// <param name="Parameters">The settings.</param>
/// <param name="Budget">Share of the whole effort (iterations, rows), inside (0, 1].</param>
/// <param name="Bracket">The halving it belongs to, from 0.</param>
/// <param name="Rung">How often it went on, from 0.</param>
/// <param name="State">Where it stands.</param>
/// <param name="Value">The measured value, when done.</param>
public sealed record Trial(
    int Number, int Configuration, IReadOnlyDictionary<string, double> Parameters, double Budget, int Bracket, int Rung, TrialState State, double? Value);
