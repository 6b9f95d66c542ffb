namespace Mlops.Core.Learning.Search;

/// <summary>A place for a new setting.</summary>
internal sealed record Slot(int Bracket, double Budget);
