using System.Globalization;
using System.Xml;

namespace Mlops.Cli;

/// <summary>The checks of one command with what they found; written for people and, as JUnit XML, for CI systems.</summary>
/// <param name="name">Name of the suite.</param>
internal sealed class CheckReport(string name)
{
    private readonly List<(string Name, string Detail, string? Failure)> _checks = [];

    /// <summary>Whether at least one check failed.</summary>
    public bool HasFailed => _checks.Exists(check => check.Failure is not null);

    /// <summary>Adds a check.</summary>
    /// <param name="check">Its name.</param>
    /// <param name="detail">What was found.</param>
    /// <param name="failure">Why it failed; null when it passed.</param>
    public void Add(string check, string detail, string? failure) => _checks.Add((check, detail, failure));

    /// <summary>One line a check, failures with their reason below.</summary>
    public void WriteText(TextWriter writer)
    {
        foreach ((string check, string detail, string? failure) in _checks)
        {
            string[] lines = [.. detail.Split('\n'), .. failure?.Split('\n') ?? []];
            writer.WriteLine($"{(failure is null ? "passed" : "FAILED")}  {check}: {lines[0]}");
            foreach (string line in lines.Skip(1))
            {
                writer.WriteLine($"        {line}");
            }
        }
    }

    /// <summary>The form that CI systems read.</summary>
    public void WriteJUnit(string path)
    {
        using XmlWriter xml = XmlWriter.Create(path, new XmlWriterSettings { Indent = true, CheckCharacters = false });
        xml.WriteStartElement("testsuites");
        xml.WriteStartElement("testsuite");
        xml.WriteAttributeString("name", name);
        xml.WriteAttributeString("tests", _checks.Count.ToString(CultureInfo.InvariantCulture));
        xml.WriteAttributeString("failures", _checks.Count(check => check.Failure is not null).ToString(CultureInfo.InvariantCulture));
        foreach ((string check, string detail, string? failure) in _checks)
        {
            xml.WriteStartElement("testcase");
            xml.WriteAttributeString("classname", name);
            xml.WriteAttributeString("name", Clean(check));
            if (failure is not null)
            {
                xml.WriteStartElement("failure");
                xml.WriteAttributeString("message", Clean(detail));
                xml.WriteString(Clean(failure));
                xml.WriteEndElement();
            }
            else
            {
                xml.WriteElementString("system-out", Clean(detail));
            }

            xml.WriteEndElement();
        }

        xml.WriteEndElement();
        xml.WriteEndElement();
    }

    // Text from data may hold characters that XML cannot.
    private static string Clean(string text) => string.Concat(text.Select(c => XmlConvert.IsXmlChar(c) ? c : '\uFFFD'));
}
