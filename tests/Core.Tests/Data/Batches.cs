using System.IO.Compression;
using System.Text;
using Mlops.Core.Data;

namespace Mlops.Core.Tests.Data;

/// <summary>Reads batches from text and bytes, as tests need it.</summary>
internal static class Batches
{
    public static Task<BatchRead> Csv(string text, IReadOnlyDictionary<string, ColumnKind>? kinds = null, BatchLimits? limits = null) =>
        Read(Encoding.UTF8.GetBytes(text), BatchFormat.Csv, kinds, limits);

    public static Task<BatchRead> Json(string text, IReadOnlyDictionary<string, ColumnKind>? kinds = null, BatchLimits? limits = null) =>
        Read(Encoding.UTF8.GetBytes(text), BatchFormat.JsonLines, kinds, limits);

    public static async Task<BatchRead> Read(byte[] bytes, BatchFormat format, IReadOnlyDictionary<string, ColumnKind>? kinds = null, BatchLimits? limits = null) =>
        await BatchReader.ReadAsync(new MemoryStream(bytes), format, limits ?? BatchLimits.Default, kinds, TestContext.Current.CancellationToken);

    /// <summary>The table of a text that must be without problems.</summary>
    public static async Task<DataTable> Table(string csv, IReadOnlyDictionary<string, ColumnKind>? kinds = null)
    {
        BatchRead read = await Csv(csv, kinds);
        Assert.Empty(read.Problems);
        return read.Table!;
    }

    /// <summary>The one blocking problem of a batch that cannot be read.</summary>
    public static DataProblem Refused(BatchRead read)
    {
        Assert.Null(read.Table);
        DataProblem problem = Assert.Single(read.Problems, p => p.Severity == Severity.Block);
        Assert.NotEmpty(problem.Found);
        Assert.NotEmpty(problem.Expected);
        Assert.NotEmpty(problem.Remedy);
        return problem;
    }

    public static byte[] Gzip(byte[] bytes)
    {
        using MemoryStream compressed = new();
        using (GZipStream gzip = new(compressed, CompressionLevel.Fastest))
        {
            gzip.Write(bytes);
        }

        return compressed.ToArray();
    }

    public static IReadOnlyList<string?> Texts(this Column column) => [.. Enumerable.Range(0, column.Count).Select(column.Text)];
}
