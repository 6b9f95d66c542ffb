using System.Security.Cryptography;
using System.Text;
using Mlops.Core.Data;

namespace Mlops.Core.Configuration;

/// <summary>Reads <c>model.yaml</c> by the list of <see cref="Settings"/>.</summary>
internal static class ModelYaml
{
    private static readonly Dictionary<string, Setting> _byKey = Settings.All.ToDictionary(s => s.Key, StringComparer.Ordinal);

    // "training" and "training.search", because of "training.search.method".
    private static readonly HashSet<string> _sections = [.. Settings.All.SelectMany(s => s.Key.Select((c, i) => c == '.' ? s.Key[..i] : null)).OfType<string>()];

    public static ConfigurationResult Parse(string yaml)
    {
        ArgumentNullException.ThrowIfNull(yaml);
        if (Encoding.UTF8.GetByteCount(yaml) > ModelConfiguration.MaxBytes)
        {
            return Refuse(new ConfigurationError(1, string.Empty, $"{yaml.Length:N0} characters", $"at most {ModelConfiguration.MaxBytes:N0} bytes"));
        }

        YamlNode? root;
        try
        {
            root = YamlTree.Read(yaml);
        }
        catch (YamlRefusedException refused)
        {
            return Refuse(refused.Error);
        }

        if (root is null or YamlScalar { IsNull: true })
        {
            return new ConfigurationResult(ModelConfiguration.Default, []);
        }

        if (root is not YamlMap map)
        {
            return Refuse(new ConfigurationError(root.Line, string.Empty, root.Kind, "keys and values such as 'target: churned'"));
        }

        Complaints complaints = new();
        ModelConfiguration configuration = Apply(ModelConfiguration.Default, map, string.Empty, complaints);
        CheckTogether(configuration, map, complaints);
        return complaints.Errors.Count == 0
            ? new ConfigurationResult(configuration, [])
            : new ConfigurationResult(null, [.. complaints.Errors.OrderBy(e => e.Line)]);
    }

    public static string Hash(ModelConfiguration configuration)
    {
        StringBuilder text = new("configuration 1\n");
        foreach (Setting setting in Settings.All)
        {
            text.Append(setting.Key).Append(" = ").Append(setting.Show(configuration)).Append('\n');
        }

        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())))[..20];
    }

    private static ConfigurationResult Refuse(ConfigurationError error) => new(null, [error]);

    private static ModelConfiguration Apply(ModelConfiguration configuration, YamlMap map, string section, Complaints complaints)
    {
        foreach ((YamlScalar name, YamlNode value) in map.Entries)
        {
            string key = section + name.Text;
            complaints.Key = key;

            // A key without a value keeps the default, as when the line is absent.
            if (value is YamlScalar { IsNull: true } && (_byKey.ContainsKey(key) || IsSection(section, name.Text)))
            {
                continue;
            }

            if (_byKey.TryGetValue(key, out Setting? setting))
            {
                configuration = setting.Apply(configuration, value, complaints);
            }
            else if (!IsSection(section, name.Text))
            {
                complaints.Add(name.Line, section + Excerpt.Of(name.Text), "an unknown key", ClosestKey.Hint(name.Text, Siblings(section)));
            }
            else if (value is YamlMap nested)
            {
                configuration = Apply(configuration, nested, key + ".", complaints);
            }
            else
            {
                complaints.Add(configuration, value, $"keys and values: {string.Join(", ", Siblings(key + "."))}");
            }
        }

        return configuration;
    }

    // What only two settings together can be wrong about.
    private static void CheckTogether(ModelConfiguration c, YamlMap map, Complaints complaints)
    {
        if (c.Target is { } target && c.Ignore.Contains(target, StringComparer.Ordinal))
        {
            int line = map.Entries.First(e => e.Key.Text == "ignore").Value.Line;
            complaints.Add(line, "ignore", $"the target '{Excerpt.Of(target)}'", "columns other than the target");
        }

        if (c.Training is { Spaces.Count: > 0, Search.Method: SearchMethod.None })
        {
            int line = map.Entries.First(e => e.Key.Text == "training").Value.Line;
            complaints.Add(line, "training.candidates", "a range", "numbers, or training.search.method: random or tpe");
        }

        if (c.Training.Weight is { } weight && (weight == c.Target || c.Ignore.Contains(weight, StringComparer.Ordinal)))
        {
            int line = map.Entries.First(e => e.Key.Text == "training").Value.Line;
            complaints.Add(line, "training.weight", weight == c.Target ? "the target" : $"the ignored column '{Excerpt.Of(weight)}'", "a column that is neither the target nor ignored; a weight is no feature in any case");
        }
    }

    private static bool IsSection(string section, string name) => _sections.Contains(section + name);

    private static IEnumerable<string> Siblings(string section) => _byKey.Keys
        .Where(k => k.StartsWith(section, StringComparison.Ordinal))
        .Select(k => k[section.Length..].Split('.')[0])
        .Distinct(StringComparer.Ordinal);
}
