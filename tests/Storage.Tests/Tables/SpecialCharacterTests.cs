using Azure;
using Azure.Data.Tables;
using Mlops.TestKit;

namespace Mlops.Storage.Tests.Tables;

public sealed class SpecialCharacterTests(AzuriteFixture azurite) : TableTest(azurite)
{
    /// <summary>Keys that the service allows: everything but / \ # ? and control characters.</summary>
    public static TheoryData<string> Keys =>
    [
        "", " ", "a b", "it's", "''", "100%", "%2f", "a+b", "a&b=c", "ünïcode", "日本語", "😀", "\"quoted\"", "(x,y)", "a:b;c", "{json}", "[1]", "a|b", "..", ".", "~!@$^*_-=", new string('k', 512),
    ];

    public static TheoryData<string> Texts => [.. Keys.Select(k => k.Data), "line\nbreak", "tab\t", "carriage\r\nreturn", "/ \\ # ?", "<xml/>", "\u0001\u007f", "null\0byte", "--batch_", "HTTP/1.1 204", "a\u2028b"];

    [Theory]
    [MemberData(nameof(Keys))]
    public async Task Key_AllowedCharacters_AreFoundByEveryOperation(string key)
    {
        await Table.AddEntityAsync(new TableEntity(key, key) { ["A"] = 1 });
        var read = (await Table.GetEntityAsync<TableEntity>(key, key)).Value;
        Assert.Equal((key, key), (read.PartitionKey, read.RowKey));
        read["A"] = 2;
        await Table.UpdateEntityAsync(read, read.ETag);
        await Table.UpsertEntityAsync(new TableEntity(key, key) { ["B"] = 3 });
        await Table.SubmitTransactionAsync([new(TableTransactionActionType.UpdateMerge, new TableEntity(key, key) { ["C"] = 4 }, ETag.All)]);

        var found = new List<TableEntity>();
        await foreach (var entity in Table.QueryAsync<TableEntity>(e => e.PartitionKey == key && e.RowKey == key))
        {
            found.Add(entity);
        }

        await foreach (var entity in Table.QueryAsync<TableEntity>(TableClient.CreateQueryFilter($"PartitionKey eq {key} and RowKey eq {key}")))
        {
            found.Add(entity);
        }

        Assert.Equal(2, found.Count);
        Assert.All(found, e => Assert.Equal((key, 2, 3, 4), (e.RowKey, e.GetInt32("A"), e.GetInt32("B"), e.GetInt32("C"))));
        Assert.Equal(204, (await Table.DeleteEntityAsync(key, key)).Status);
    }

    [Theory]
    [MemberData(nameof(Texts))]
    public async Task Text_AnyCharacters_ComesBackUnchanged(string text)
    {
        await Table.AddEntityAsync(new TableEntity("p", "alone") { ["T"] = text });
        await Table.SubmitTransactionAsync([new(TableTransactionActionType.Add, new TableEntity("p", "batch") { ["T"] = text })]);
        Assert.Equal(text, (await Table.GetEntityAsync<TableEntity>("p", "alone")).Value.GetString("T"));
        Assert.Equal(text, (await Table.GetEntityAsync<TableEntity>("p", "batch")).Value.GetString("T"));
    }

    [Theory]
    [InlineData("a/b")]
    [InlineData("a\\b")]
    [InlineData("a#b")]
    [InlineData("a?b")]
    [InlineData("a\nb")]
    public async Task Key_ForbiddenCharacters_AreRefused(string key)
    {
        var failure = await Assert.ThrowsAsync<RequestFailedException>(() => Table.AddEntityAsync(new TableEntity("p", key)));
        Assert.Equal(400, failure.Status);
    }
}
