namespace Mlops.Core.Learning;

/// <summary>A setting of a trainer: what configuration may say, and what a search may try.</summary>
/// <param name="Name">The name in <see cref="CandidateSpec.Parameters"/>.</param>
/// <param name="Minimum">The least value.</param>
/// <param name="Maximum">The largest value.</param>
/// <param name="Default">The value when nothing is said.</param>
/// <param name="Whole">Whether only whole numbers make sense.</param>
/// <param name="Description">What it does, in one line.</param>
public sealed record TrainerParameter(string Name, double Minimum, double Maximum, double Default, bool Whole, string Description);
