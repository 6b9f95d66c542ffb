namespace Mlops.Core.Data;

/// <summary>
/// What the first plan of a model fixed for ever: by which columns its rows are told apart, which of them are held out, and which columns are not
/// features. Later plans and settings do not change it, as a row that moved from training to hold-out would flatter the champion.
/// </summary>
/// <param name="Columns">The columns whose values say which row it is.</param>
/// <param name="Holdout">The fraction held out, 0 … 1.</param>
/// <param name="Seed">The seed of the split.</param>
/// <param name="Ignored">Columns that were no features then, for example identifiers.</param>
public sealed record SplitRule(IReadOnlyList<string> Columns, double Holdout, ulong Seed, IReadOnlyList<string> Ignored);
