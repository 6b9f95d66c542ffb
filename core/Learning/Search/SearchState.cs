namespace Mlops.Core.Learning.Search;

/// <summary>A search as data: what was asked and told so far. Stored as JSON it goes on in another process exactly where it stopped.</summary>
/// <param name="Space">What is searched.</param>
/// <param name="Options">How.</param>
/// <param name="Trials">All trials in the order they were asked for.</param>
public sealed record SearchState(SearchSpace Space, SearchOptions Options, IReadOnlyList<Trial> Trials);
