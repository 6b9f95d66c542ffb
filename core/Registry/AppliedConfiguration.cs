using System.Security.Cryptography;
using System.Text;

namespace Mlops.Core.Registry;

/// <summary>The <c>model.yaml</c> that was last applied to a model, and how it came there. What lies in storage is held against it.</summary>
/// <param name="Revision">1, 2, 3 …: of two, the higher was written later.</param>
/// <param name="Sha256">SHA-256 of the text, 64 lower-case hexadecimal digits.</param>
/// <param name="Hash">Hash of the settings: equal for texts that mean the same.</param>
/// <param name="Actor">Who applied it.</param>
/// <param name="Source">Where it came from, in the words of who applied it, for example a commit.</param>
/// <param name="Time">When.</param>
public sealed record AppliedConfiguration(long Revision, string Sha256, string Hash, string Actor, string Source, DateTimeOffset Time)
{
    /// <summary>The hash of a text, as in <see cref="Sha256"/>.</summary>
    public static string HashOf(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
