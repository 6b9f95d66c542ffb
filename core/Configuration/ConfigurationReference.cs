using System.Text;

namespace Mlops.Core.Configuration;

/// <summary>All settings of <c>model.yaml</c> as documentation, from the same list that reads them.</summary>
public static class ConfigurationReference
{
    /// <summary>The settings in the order of the documentation.</summary>
    public static IReadOnlyList<ConfigurationKey> Keys { get; } =
        [.. Settings.All.Select(s => new ConfigurationKey(s.Key, s.Type, s.Show(ModelConfiguration.Default), s.Range, s.Meaning))];

    /// <summary>The table of <c>docs/configuration.md</c>.</summary>
    public static string ToMarkdown()
    {
        StringBuilder table = new("| Key | Type | Default | Range | Meaning |\n|---|---|---|---|---|\n");
        foreach (ConfigurationKey key in Keys)
        {
            table.Append($"| `{key.Key}` | {key.Type} | {key.Default} | {key.Range} | {key.Meaning} |\n");
        }

        return table.ToString();
    }
}
