using System.IO.Compression;
using Mlops.Core.Data;

namespace Mlops.Core.Tests.Data;

public class GzipTests
{
    [Theory]
    [InlineData(BatchFormat.CsvGzip, "a,b\n1,x\n")]
    [InlineData(BatchFormat.JsonLinesGzip, "{\"a\":1,\"b\":\"x\"}\n")]
    public async Task Read_Gzip_IsAsUncompressed(BatchFormat format, string text)
    {
        BatchRead read = await Batches.Read(Batches.Gzip(System.Text.Encoding.UTF8.GetBytes(text)), format);
        Assert.Empty(read.Problems);
        Assert.Equal(["1"], read.Table!["a"].Texts());
        Assert.Equal(text.Length, read.Bytes);
    }

    [Fact]
    public async Task Read_TwoGzipMembers_AreOneText()
    {
        BatchRead read = await Batches.Read([.. Batches.Gzip("a\n1\n"u8.ToArray()), .. Batches.Gzip("2\n"u8.ToArray())], BatchFormat.CsvGzip);
        Assert.Equal(["1", "2"], read.Table!["a"].Texts());
    }

    [Fact]
    public async Task Read_NotGzip_IsRefused() => Assert.Equal("bytes that are not gzip", Batches.Refused(await Batches.Read("a,b\n1,2\n"u8.ToArray(), BatchFormat.CsvGzip)).Found);

    [Fact]
    public async Task Read_GzipNamedAsPlain_IsRefusedWithTheRemedy() => Assert.Contains(".gz", Batches.Refused(await Batches.Read(Batches.Gzip("a\n1\n"u8.ToArray()), BatchFormat.Csv)).Remedy);

    [Fact]
    public async Task Read_TruncatedGzip_IsRefused()
    {
        byte[] random = new byte[300_000];
        new Random(1).NextBytes(random);
        byte[] whole = Batches.Gzip([.. "a\n"u8, .. random.SelectMany(b => System.Text.Encoding.ASCII.GetBytes($"{b}\n"))]);
        Assert.Contains("cut off or damaged", Batches.Refused(await Batches.Read(whole[..(whole.Length / 2)], BatchFormat.CsvGzip)).Found);
    }

    [Fact]
    public async Task Read_TruncatedAnywhere_IsRefused()
    {
        // GZipStream alone would take what came before for the whole.
        byte[] whole = [.. Batches.Gzip("a\n1\n"u8.ToArray()), .. Batches.Gzip("2\n3\n"u8.ToArray())];
        int firstMember = Batches.Gzip("a\n1\n"u8.ToArray()).Length;
        for (int length = 0; length < whole.Length; length++)
        {
            BatchRead read = await Batches.Read(whole[..length], BatchFormat.CsvGzip);
            Assert.True(read.Table is null == (length != firstMember), $"{length} of {whole.Length} bytes");
        }
    }

    [Fact]
    public async Task Read_BytesBehindTheGzip_AreRefused() =>
        Batches.Refused(await Batches.Read([.. Batches.Gzip("a\n1\n"u8.ToArray()), 0, 0, 0], BatchFormat.CsvGzip));

    [Fact]
    public async Task Read_EmptyGzip_IsRefused() => Assert.Equal("no bytes", Batches.Refused(await Batches.Read([], BatchFormat.CsvGzip)).Found);

    [Fact]
    public async Task Read_DamagedGzip_IsRefused()
    {
        byte[] whole = Batches.Gzip([.. "a\n"u8, .. Enumerable.Range(0, 50_000).SelectMany(i => System.Text.Encoding.ASCII.GetBytes($"{i * 7919 % 10007}\n"))]);
        whole[^8] ^= 0xFF;
        Assert.Contains("damaged", Batches.Refused(await Batches.Read(whole, BatchFormat.CsvGzip)).Found);
    }

    [Fact]
    public async Task Read_DecompressionBomb_IsRefusedAtTheLimit()
    {
        // A few kilobytes that become 64 MB of rows.
        using MemoryStream compressed = new();
        using (GZipStream gzip = new(compressed, CompressionLevel.SmallestSize, leaveOpen: true))
        {
            gzip.Write("a\n"u8);
            byte[] rows = new byte[1 << 20];
            rows.AsSpan().Fill((byte)'\n');
            for (int i = 0; i < 64; i++)
            {
                gzip.Write(rows);
            }
        }

        Assert.True(compressed.Length < 100_000);
        compressed.Position = 0;
        BatchRead read = await BatchReader.ReadAsync(compressed, BatchFormat.CsvGzip, new BatchLimits { MaxBytes = 4 << 20 }, null, TestContext.Current.CancellationToken);
        Assert.Contains("4,194,304 bytes", Batches.Refused(read).Found);
        Assert.True(read.Bytes < 8 << 20, $"{read.Bytes} bytes were decompressed");
    }
}
