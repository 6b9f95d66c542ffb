using System.Text;
using Mlops.Storage.Arrival;
using Mlops.TestKit;

namespace Mlops.Storage.Tests.Arrival;

public class DropZoneTests(AzuriteFixture azurite)
{
    [Fact]
    public async Task TryOpenAsync_ReadsOneVersion_AndNotTheNext()
    {
        DropZone zone = new(await Stores.OpenAsync(azurite));
        string name = $"data/{TestNames.Model()}/f.csv";
        string first = await WriteAsync(zone, name, "a\n1\n");
        Assert.Equal(first, await zone.FindAsync(name, CancellationToken.None));
        using (StreamReader reader = new((await zone.TryOpenAsync(name, first, CancellationToken.None))!))
        {
            Assert.Equal("a\n1\n", await reader.ReadToEndAsync());
        }

        string second = await WriteAsync(zone, name, "a\n2\n");
        Assert.NotEqual(first, second);
        Assert.Null(await zone.TryOpenAsync(name, first, CancellationToken.None));
    }

    [Fact]
    public async Task WriteAsync_LeavesNothing_WhenTheUploadIsTooLong()
    {
        DropZone zone = new(await Stores.OpenAsync(azurite));
        string name = $"data/{TestNames.Model()}/f.csv";
        await Assert.ThrowsAsync<InvalidDataException>(() => zone.WriteAsync(name, new MemoryStream(new byte[9 << 20]), 8 << 20, CancellationToken.None));
        Assert.Null(await zone.FindAsync(name, CancellationToken.None));
    }

    [Fact]
    public async Task ListAsync_GivesTheETags_ThatUploadsReturned()
    {
        DropZone zone = new(await Stores.OpenAsync(azurite));
        string name = $"data/{TestNames.Model()}/f.csv";
        string etag = await WriteAsync(zone, name, "a\n1\n");
        List<DroppedFile> files = [];
        await foreach (DroppedFile file in zone.ListAsync(CancellationToken.None))
        {
            files.Add(file);
        }

        Assert.Equal(etag, files.Single(file => file.Name == name).ETag);
    }

    private static Task<string> WriteAsync(DropZone zone, string name, string content) =>
        zone.WriteAsync(name, new MemoryStream(Encoding.UTF8.GetBytes(content)), 1 << 20, CancellationToken.None);
}
