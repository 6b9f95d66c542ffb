using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Serialization;

namespace Mlops.Core.Data;

/// <summary>An immutable dataset version: which bytes it is made of. Its id is a hash of them, so the same bytes are the same version.</summary>
public sealed record DatasetManifest
{
    /// <summary>Makes a manifest; files of equal content count once (the first stays), and order does not matter.</summary>
    /// <exception cref="ArgumentException">There is no file, or a hash is not 64 lower-case hexadecimal digits.</exception>
    public DatasetManifest(string model, IReadOnlyList<DatasetFile> files)
    {
        ArgumentException.ThrowIfNullOrEmpty(model);
        ArgumentNullException.ThrowIfNull(files);
        if (files.Count == 0)
        {
            throw new ArgumentException("A dataset version needs at least one file.", nameof(files));
        }

        foreach (DatasetFile file in files)
        {
            if (file.Sha256 is not { Length: 64 } || !file.Sha256.All(char.IsAsciiHexDigitLower))
            {
                throw new ArgumentException($"The SHA-256 of '{file.Blob}' is '{Excerpt.Of(file.Sha256)}'; expected 64 lower-case hexadecimal digits.", nameof(files));
            }
        }

        Model = model;
        Files = [.. files.DistinctBy(Canonical).OrderBy(Canonical, StringComparer.Ordinal)];
        Id = Identify(Model, Files);
    }

    /// <summary>The model whose data it is.</summary>
    public string Model { get; }

    /// <summary>The files, ordered by hash.</summary>
    public IReadOnlyList<DatasetFile> Files { get; }

    /// <summary><c>ds-</c> and the first 20 hexadecimal digits (80 bits) of SHA-256 over the canonical text: model, then hash, format and bytes of each file, ordered by hash, one a line.</summary>
    [JsonIgnore]
    public string Id { get; }

    /// <summary>Rows in all files.</summary>
    [JsonIgnore]
    public long Rows => Files.Sum(f => (long)f.Rows);

    /// <summary>The manifest as a JSON document.</summary>
    public string ToJson() => CoreJson.Write(this);

    /// <summary>Reads what <see cref="ToJson"/> wrote.</summary>
    /// <exception cref="FormatException">It is something else.</exception>
    public static DatasetManifest FromJson(string json)
    {
        try
        {
            return CoreJson.Read<DatasetManifest>(json, "dataset manifest");
        }
        catch (ArgumentException e)
        {
            throw new FormatException($"The dataset manifest cannot be used: {e.Message}", e);
        }
    }

    private static string Identify(string model, IReadOnlyList<DatasetFile> files)
    {
        StringBuilder text = new();
        text.Append("dataset 1\n").Append(model).Append('\n');
        foreach (DatasetFile file in files)
        {
            text.Append(Canonical(file)).Append('\n');
        }

        return "ds-" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())))[..20];
    }

    private static string Canonical(DatasetFile file) => string.Create(CultureInfo.InvariantCulture, $"{file.Sha256} {file.Format} {file.Bytes}");

    /// <summary>Equal when the bytes are the same; where they lie does not matter.</summary>
    public bool Equals(DatasetManifest? other) => other is not null && Id == other.Id;

    /// <inheritdoc/>
    public override int GetHashCode() => string.GetHashCode(Id, StringComparison.Ordinal);
}
