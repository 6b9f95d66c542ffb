namespace Mlops.Core.Learning;

/// <summary>What a column of a <see cref="FeatureMatrix"/> is.</summary>
/// <param name="Name">The feature's name, as reports and explanations show it.</param>
/// <param name="Cardinality">Zero for a numeric column; for a categorical one the number of codes: values are 0 … Cardinality − 1, anything else is missing.</param>
public sealed record FeatureColumn(string Name, int Cardinality = 0)
{
    /// <summary>Whether the values are codes without order.</summary>
    public bool IsCategorical => Cardinality > 0;
}
