namespace Mlops.Core.Learning.Growing;

/// <summary>What split finding must know of a leaf.</summary>
/// <param name="Sum">Packed sums over its rows.</param>
/// <param name="Count">Its rows.</param>
/// <param name="Low">Least value that monotone ancestors, and the largest step, allow.</param>
/// <param name="High">Largest such value.</param>
internal readonly record struct LeafState(long Sum, int Count, double Low, double High);
