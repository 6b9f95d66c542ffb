using Mlops.Core.Learning.Boosting;

namespace Mlops.Core.Learning;

/// <summary>Where a training keeps what it would lose with its process. Done again with the same data, settings and seed, it goes on from there and ends with the same bits.</summary>
/// <remarks>A training may fit several models (one that finds the number of iterations, one per calibration fold, the last one): each has its own fingerprint,
/// so that the same calls find their own checkpoints again in whatever order. Boosting keeps checkpoints; other trainers start over.</remarks>
/// <param name="Find">The newest checkpoint of a <see cref="BoostingCheckpoint.Fingerprint"/>, or null for none.</param>
/// <param name="Keep">Given a checkpoint every few iterations and after the last, on the training's thread; it replaces the earlier one of its fingerprint.</param>
public sealed record TrainingCheckpoints(Func<string, BoostingCheckpoint?> Find, Action<BoostingCheckpoint> Keep);
