namespace Mlops.Core.Configuration;

/// <summary>A configuration, or what is wrong with its text.</summary>
/// <param name="Configuration">The configuration; null when there are errors.</param>
/// <param name="Errors">The errors in the order of the text, at most 50; empty when there is a configuration.</param>
public sealed record ConfigurationResult(ModelConfiguration? Configuration, IReadOnlyList<ConfigurationError> Errors);
