namespace Mlops.Infra.Tests.Bicep;

/// <summary>A template says something that cannot be resolved or that the checker does not know.</summary>
internal sealed class BicepException(SyntaxNode where, string found) : Exception($"{where.Where}: {found}.");
