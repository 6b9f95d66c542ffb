namespace Mlops.Core.Configuration;

/// <summary>One setting of <c>model.yaml</c>, as documentation.</summary>
/// <param name="Key">The key with its section, for example <c>training.folds</c>.</param>
/// <param name="Type">What is written there, with unit.</param>
/// <param name="Default">What holds without it.</param>
/// <param name="Range">What is allowed.</param>
/// <param name="Meaning">What it does.</param>
public sealed record ConfigurationKey(string Key, string Type, string Default, string Range, string Meaning);
