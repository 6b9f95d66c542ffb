using System.Text;
using Mlops.Storage.Arrival;
using Mlops.TestKit;

namespace Mlops.Storage.Tests.Arrival;

public class ConfigurationFilesTests(AzuriteFixture azurite)
{
    private static readonly CancellationToken None = CancellationToken.None;

    [Fact]
    public async Task FindAsync_CutsWhatIsTooLong_AndTakesAnEmptyFile()
    {
        StorageConnection connection = await Stores.OpenAsync(azurite);
        ConfigurationFiles files = new(connection);
        string model = TestNames.Model();
        Assert.Null(await files.FindAsync(model, 100, None));
        await DropAsync(connection, model, "");
        Assert.Equal(("", null), await TextAndRevision(files, model));
        await DropAsync(connection, model, new string('x', 1_000));
        Assert.Equal(100, (await files.FindAsync(model, 100, None))!.Text.Length);
    }

    [Fact]
    public async Task TryWriteAsync_OfTwoThatReadTheSame_WritesOne()
    {
        ConfigurationFiles files = new(await Stores.OpenAsync(azurite));
        string model = TestNames.Model();
        bool[] first = await Task.WhenAll(Enumerable.Range(0, 5).Select(i => files.TryWriteAsync(model, $"# {i}", 1, null, None)));
        Assert.Single(first, written => written);
        ConfigurationFile read = (await files.FindAsync(model, 100, None))!;
        bool[] second = await Task.WhenAll(Enumerable.Range(0, 5).Select(i => files.TryWriteAsync(model, $"# again {i}", 2, read, None)));
        Assert.Single(second, written => written);
        Assert.False(await files.TryWriteAsync(model, "# late", 3, null, None));
        Assert.Equal(2, (await files.FindAsync(model, 100, None))!.Revision);
    }

    [Fact]
    public async Task FindAsync_FileDroppedOverAnAppliedOne_HasNoRevision()
    {
        StorageConnection connection = await Stores.OpenAsync(azurite);
        ConfigurationFiles files = new(connection);
        string model = TestNames.Model();
        Assert.True(await files.TryWriteAsync(model, "target: a", 7, null, None));
        Assert.Equal(("target: a", 7), await TextAndRevision(files, model));
        await DropAsync(connection, model, "target: b");
        Assert.Equal(("target: b", null), await TextAndRevision(files, model));
    }

    private static async Task<(string Text, long? Revision)> TextAndRevision(ConfigurationFiles files, string model) =>
        await files.FindAsync(model, 100, None) is { } file ? (file.Text, file.Revision) : throw new InvalidOperationException("no file");

    private static Task<string> DropAsync(StorageConnection connection, string model, string text) =>
        new DropZone(connection).WriteAsync($"data/{model}/model.yaml", new MemoryStream(Encoding.UTF8.GetBytes(text)), 1 << 20, None);
}
