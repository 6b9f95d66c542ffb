using System.Text;

namespace Mlops.Core.Data;

/// <summary>Checks the name of a column from outside.</summary>
internal static class ColumnName
{
    /// <exception cref="BatchRefusedException">It is too long or has control characters.</exception>
    public static string Check(ReadOnlySpan<byte> utf8, BatchLimits limits, long line)
    {
        string name = Encoding.UTF8.GetString(utf8);
        if (name.Length > limits.MaxNameLength)
        {
            throw new BatchRefusedException($"a column name of {name.Length:N0} characters ('{Excerpt.Of(name)}')", $"at most {limits.MaxNameLength:N0}", "Shorten it.", line: line);
        }

        if (name.Any(char.IsControl))
        {
            throw new BatchRefusedException($"the column name '{Excerpt.Of(name)}' with a control character or line break", "names of printable characters", "Rename it.", line: line);
        }

        return name;
    }
}
