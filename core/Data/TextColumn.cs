namespace Mlops.Core.Data;

/// <summary>A column of kind <see cref="ColumnKind.Text"/>, dictionary-encoded: each row holds a code into <see cref="Dictionary"/>, or −1 when missing.</summary>
public sealed class TextColumn : Column
{
    private readonly int[] _codes;
    private readonly string[] _dictionary;

    /// <summary>Takes ownership of both arrays. Codes lie in −1 … dictionary.Length − 1; entries are distinct and not empty.</summary>
    public TextColumn(string name, int[] codes, string[] dictionary)
        : base(name, ColumnKind.Text)
    {
        ArgumentNullException.ThrowIfNull(codes);
        ArgumentNullException.ThrowIfNull(dictionary);
        _codes = codes;
        _dictionary = dictionary;
    }

    /// <summary>Encodes values in order of first appearance; null and the empty string are missing.</summary>
    public static TextColumn From(string name, IEnumerable<string?> values)
    {
        ArgumentNullException.ThrowIfNull(values);
        Dictionary<string, int> seen = new(StringComparer.Ordinal);
        List<int> codes = [];
        foreach (string? value in values)
        {
            if (string.IsNullOrEmpty(value))
            {
                codes.Add(-1);
                continue;
            }

            if (!seen.TryGetValue(value, out int code))
            {
                code = seen.Count;
                seen.Add(value, code);
            }

            codes.Add(code);
        }

        string[] dictionary = new string[seen.Count];
        foreach ((string value, int code) in seen)
        {
            dictionary[code] = value;
        }

        return new TextColumn(name, [.. codes], dictionary);
    }

    /// <summary>Per row the index into <see cref="Dictionary"/>, or −1 when missing.</summary>
    public ReadOnlySpan<int> Codes => _codes;

    /// <summary>The distinct values.</summary>
    public IReadOnlyList<string> Dictionary => _dictionary;

    /// <inheritdoc/>
    public override int Count => _codes.Length;

    /// <inheritdoc/>
    public override bool IsMissing(int row) => _codes[row] < 0;

    /// <inheritdoc/>
    public override string? Text(int row) => _codes[row] < 0 ? null : _dictionary[_codes[row]];

    /// <inheritdoc/>
    public override Column Take(ReadOnlySpan<int> rows)
    {
        int[] taken = new int[rows.Length];
        for (int i = 0; i < taken.Length; i++)
        {
            taken[i] = _codes[rows[i]];
        }

        return new TextColumn(Name, taken, _dictionary);
    }
}
