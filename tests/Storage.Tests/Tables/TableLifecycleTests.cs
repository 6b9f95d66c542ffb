using Azure;
using Azure.Data.Tables;
using Azure.Data.Tables.Models;
using Mlops.TestKit;

namespace Mlops.Storage.Tests.Tables;

public sealed class TableLifecycleTests(AzuriteFixture azurite)
{
    private readonly TableServiceClient _service = new(azurite.ConnectionString);

    [Fact]
    public async Task Create_NewName_AnswersTheTable()
    {
        var name = TestNames.Table();
        var created = await _service.CreateTableAsync(name);
        Assert.Equal((204, name), (created.GetRawResponse().Status, created.Value.Name));
    }

    [Fact]
    public async Task Create_ExistingName_FailsWith409()
    {
        var table = _service.GetTableClient(TestNames.Table());
        await table.CreateAsync();
        var failure = await Assert.ThrowsAsync<RequestFailedException>(() => table.CreateAsync());
        Assert.Equal(409, failure.Status);
        Assert.True(failure.ErrorCode == TableErrorCode.TableAlreadyExists, failure.ErrorCode);
    }

    [Fact]
    public async Task CreateIfNotExists_ExistingName_Answers409WithoutThrowing()
    {
        var table = _service.GetTableClient(TestNames.Table());
        Assert.Equal(204, (await table.CreateIfNotExistsAsync()).GetRawResponse().Status);
        var again = await table.CreateIfNotExistsAsync();
        Assert.Equal((409, table.Name), (again.GetRawResponse().Status, again.Value.Name));
        Assert.Equal(409, (await _service.CreateTableIfNotExistsAsync(table.Name)).GetRawResponse().Status);
    }

    [Fact]
    public async Task CreateIfNotExists_InvalidName_FailsWith400() =>
        Assert.Equal(400, (await Assert.ThrowsAsync<RequestFailedException>(() => _service.CreateTableIfNotExistsAsync("no-hyphens"))).Status);

    [Fact]
    public async Task Delete_MissingTable_Answers404WithoutThrowing()
    {
        var table = _service.GetTableClient(TestNames.Table());
        await table.CreateAsync();
        Assert.Equal(204, (await table.DeleteAsync()).Status);
        Assert.Equal(404, (await table.DeleteAsync()).Status);
        Assert.Equal(404, (await _service.DeleteTableAsync(table.Name)).Status);
    }

    [Fact]
    public async Task Query_WithFilter_FindsTheTable()
    {
        var name = TestNames.Table();
        var other = TestNames.Table();
        await _service.CreateTableAsync(name);
        await _service.CreateTableAsync(other);
        FormattableString quoted = $"TableName eq {name}";
        Assert.Equal([name], await Names(_service.QueryAsync(quoted)));
        Assert.Equal([name], await Names(_service.QueryAsync($"TableName eq '{name}'")));
        Assert.Equal([name], await Names(_service.QueryAsync(t => t.Name == name)));
        var all = await Names(_service.QueryAsync());
        Assert.Contains(name, all);
        Assert.Contains(other, all);

        static async Task<List<string>> Names(AsyncPageable<TableItem> tables)
        {
            var names = new List<string>();
            await foreach (var table in tables)
            {
                names.Add(table.Name);
            }

            return names;
        }
    }

    [Fact]
    public async Task Query_SmallPages_FindsEveryTable()
    {
        var names = Enumerable.Range(0, 5).Select(i => TestNames.Table($"page{i}")).ToList();
        foreach (var name in names)
        {
            await _service.CreateTableAsync(name);
        }

        var found = new List<string>();
        var pages = 0;
        await foreach (var page in _service.QueryAsync(maxPerPage: 2).AsPages())
        {
            Assert.True(page.Values.Count <= 2);
            pages++;
            found.AddRange(page.Values.Select(t => t.Name));
        }

        Assert.True(pages >= 3);
        Assert.Superset(names.ToHashSet(), found.ToHashSet());
    }

    [Fact]
    public void Uri_OfClients_HoldsNoCredential()
    {
        var table = _service.GetTableClient("abc");
        Assert.Equal(azurite.Running.TableEndpoint, _service.Uri);
        Assert.Equal($"{azurite.Running.TableEndpoint}/abc", table.Uri.AbsoluteUri);
        Assert.Equal(("devstoreaccount1", "devstoreaccount1", "abc"), (_service.AccountName, table.AccountName, table.Name));
    }
}
