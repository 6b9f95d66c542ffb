namespace Mlops.Core.Learning;

/// <summary>One trainer with its settings, as data: small enough to cross an orchestration, enough to train again bit for bit.</summary>
/// <param name="Trainer">The trainer's name, for example <c>baseline</c>, <c>linear</c> or <c>boosting</c>.</param>
/// <param name="Parameters">Settings that differ from the trainer's defaults, by name.</param>
public sealed record CandidateSpec(string Trainer, IReadOnlyDictionary<string, double> Parameters);
