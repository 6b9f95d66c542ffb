namespace Mlops.Core.Data;

/// <summary>One file of a dataset version.</summary>
/// <param name="Blob">Where its bytes lie.</param>
/// <param name="Format">How to read it.</param>
/// <param name="Sha256">SHA-256 of the bytes as stored (compressed ones when the format is gzip), 64 lower-case hexadecimal digits.</param>
/// <param name="Bytes">Length as stored.</param>
/// <param name="Rows">Rows read from it.</param>
public sealed record DatasetFile(string Blob, BatchFormat Format, string Sha256, long Bytes, int Rows);
