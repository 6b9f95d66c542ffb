using System.Collections;
using System.Reflection;
using Mlops.Core.Configuration;
using Mlops.Core.Learning;

namespace Mlops.Core.Tests.Configuration;

public class ConfigurationReferenceTests
{
    [Fact]
    public void Keys_AreExactlyTheProperties()
    {
        Assert.Equal(Properties(typeof(ModelConfiguration), string.Empty).Order(), ConfigurationReference.Keys.Select(k => k.Key).Order());
    }

    [Fact]
    public void Keys_AllWrittenWithTheirDefaults_AreTheDefault()
    {
        // The default column is what a person would write, except where nothing stands for a rule.
        foreach (IGrouping<string, ConfigurationKey> section in ConfigurationReference.Keys.Where(k => !k.Default.Contains(' ') || k.Default.StartsWith('[')).GroupBy(k => k.Key.Contains('.') ? k.Key[..k.Key.IndexOf('.')] : string.Empty))
        {
            foreach (ConfigurationKey key in section)
            {
                string value = key.Default == "[]" && key.Type.Contains(':') ? "{}" : key.Default;
                string yaml = section.Key.Length == 0 ? $"{key.Key}: {value}" : $"{section.Key}:\n  {key.Key[(section.Key.Length + 1)..]}: {value}";
                ConfigurationResult result = ModelConfiguration.Parse(yaml);
                Assert.Empty(result.Errors);
                Assert.Equal(ModelConfiguration.Default.Hash, result.Configuration!.Hash);
            }
        }
    }

    [Fact]
    public void Keys_AreDocumentedInFull() => Assert.All(ConfigurationReference.Keys, k =>
    {
        Assert.NotEmpty(k.Type);
        Assert.NotEmpty(k.Default);
        Assert.NotEmpty(k.Range);
        Assert.EndsWith(".", k.Meaning);
    });

    [Theory]
    [InlineData("docs/configuration.md")]
    [InlineData("README.md")]
    public void Document_Table_IsTheReference(string file)
    {
        string document = File.ReadAllText(Path.Combine(RepositoryRoot(), file)).ReplaceLineEndings("\n");
        Assert.True(
            document.Contains(ConfigurationReference.ToMarkdown(), StringComparison.Ordinal),
            $"The table in {file} is stale; it must be:\n" + ConfigurationReference.ToMarkdown());
    }

    [Fact]
    public void Document_Trainers_AreTheReference()
    {
        string document = File.ReadAllText(Path.Combine(RepositoryRoot(), "docs", "configuration.md")).ReplaceLineEndings("\n");
        Assert.True(document.Contains(TrainerReference.ToMarkdown(), StringComparison.Ordinal), "The trainers in docs/configuration.md are stale; they must be:\n" + TrainerReference.ToMarkdown());
    }

    [Fact]
    public void Trainers_EveryParameter_IsReachableFromACandidateWithItsDefault() => Assert.All(Candidates.Trainers, trainer =>
    {
        Assert.NotEmpty(Candidates.Description(trainer));
        string parameters = string.Join(", ", Candidates.Parameters(trainer).Select(p => $"{p.Name}: {p.Show(p.Default)}"));
        ConfigurationResult result = ModelConfiguration.Parse($"training: {{candidates: [{{trainer: {trainer}, parameters: {{{parameters}}}}}]}}");
        Assert.Empty(result.Errors);
        CandidateSpec candidate = Assert.Single(result.Configuration!.Training.Candidates);
        Assert.Equal(Candidates.Parameters(trainer).ToDictionary(p => p.Name, p => p.Default), candidate.Parameters);
    });

    [Fact]
    public void Document_Examples_AreValid()
    {
        string document = File.ReadAllText(Path.Combine(RepositoryRoot(), "docs", "configuration.md")).ReplaceLineEndings("\n");
        string[] examples = [.. document.Split("```yaml\n").Skip(1).Select(rest => rest[..rest.IndexOf("```", StringComparison.Ordinal)])];
        Assert.True(examples.Length >= 2);
        Assert.All(examples, example =>
        {
            ConfigurationResult result = ModelConfiguration.Parse(example);
            Assert.Empty(result.Errors);
            Assert.NotEqual(ModelConfiguration.Default.Hash, result.Configuration!.Hash);
        });
    }

    // Candidates with ranges are written in the list of candidates.
    private static bool HasKey(PropertyInfo property) => property.CanWrite && property.Name != nameof(TrainingOptions.Spaces);

    private static IEnumerable<string> Properties(Type type, string section)
    {
        foreach (PropertyInfo property in type.GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(HasKey))
        {
            string key = section + char.ToLowerInvariant(property.Name[0]) + property.Name[1..];
            bool isSection = property.PropertyType.Namespace == type.Namespace && property.PropertyType.IsClass && !typeof(IEnumerable).IsAssignableFrom(property.PropertyType);
            foreach (string found in isSection ? Properties(property.PropertyType, key + ".") : [key])
            {
                yield return found;
            }
        }
    }

    private static string RepositoryRoot()
    {
        DirectoryInfo? directory = new(AppContext.BaseDirectory);
        while (directory is not null && !File.Exists(Path.Combine(directory.FullName, "Mlops.Serverless.sln")))
        {
            directory = directory.Parent;
        }

        return directory?.FullName ?? throw new InvalidOperationException("The solution was not found above the tests.");
    }
}
