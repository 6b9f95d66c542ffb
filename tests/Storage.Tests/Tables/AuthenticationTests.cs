using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using Azure;
using Azure.Core;
using Azure.Data.Tables;
using Mlops.TestKit;

namespace Mlops.Storage.Tests.Tables;

public sealed class AuthenticationTests(AzuriteFixture azurite)
{
    private const string Account = "devstoreaccount1";
    private const string Key = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";

    /// <summary>The examples of the REST reference "Authorize with Shared Key", and paths as this client writes them.</summary>
    [Theory]
    [InlineData("testaccount1", "https://testaccount1.table.core.windows.net/Tables", "/testaccount1/Tables")]
    [InlineData("myaccount", "https://myaccount.table.core.windows.net/MyTable?$filter=a%20eq%201", "/myaccount/MyTable")]
    [InlineData("myaccount", "https://myaccount.table.core.windows.net/?restype=service&comp=properties", "/myaccount/?comp=properties")]
    [InlineData(Account, "http://127.0.0.1:10002/devstoreaccount1/Tables", "/devstoreaccount1/devstoreaccount1/Tables")]
    [InlineData("a", "https://a.table.core.windows.net/t(PartitionKey='it%27%27s',RowKey='%F0%9F%98%80%25')", "/a/t(PartitionKey='it%27%27s',RowKey='%F0%9F%98%80%25')")]
    public void CanonicalizedResource_OfAnAddress_IsAccountPathAndComp(string account, string address, string expected) =>
        Assert.Equal(expected, SharedKeyPolicy.CanonicalizedResource(account, new Uri(address)));

    [Fact]
    public void Authorization_OfARequest_IsTheHmacOfDateAndResource()
    {
        const string Date = "Sun, 11 Oct 2009 19:52:39 GMT";
        var expected = Convert.ToBase64String(HMACSHA256.HashData(Convert.FromBase64String(Key), Encoding.UTF8.GetBytes($"{Date}\n/testaccount1/Tables")));
        Assert.Equal($"SharedKeyLite testaccount1:{expected}", SharedKeyPolicy.Authorization(new TableSharedKeyCredential("testaccount1", Key), Date, new Uri("https://testaccount1.table.core.windows.net/Tables")));
    }

    [Fact]
    public async Task SharedKey_WrongKey_IsRefused()
    {
        var client = new TableClient(azurite.Running.TableEndpoint, "t", new TableSharedKeyCredential(Account, Convert.ToBase64String(new byte[64])));
        Assert.Equal(403, (await Assert.ThrowsAsync<RequestFailedException>(() => client.CreateAsync())).Status);
    }

    [Fact]
    public async Task SharedKey_SetAfterwards_IsUsed()
    {
        var credential = new TableSharedKeyCredential(Account, Convert.ToBase64String(new byte[64]));
        var client = new TableClient(azurite.Running.TableEndpoint, TestNames.Table(), credential);
        credential.SetAccountKey(Key);
        Assert.Equal(204, (await client.CreateAsync()).GetRawResponse().Status);
    }

    [Fact]
    public async Task Sas_OfTheAccount_IsAcceptedInEveryForm()
    {
        var endpoint = azurite.Running.TableEndpoint;
        var sas = AccountSas("rwdlau");
        var name = TestNames.Table();
        await new TableServiceClient(endpoint, new AzureSasCredential(sas)).CreateTableAsync(name);
        await new TableClient(new Uri($"{endpoint}/{name}"), new AzureSasCredential("?" + sas)).AddEntityAsync(new TableEntity("p", "1"));
        await new TableClient(new Uri($"{endpoint}/{name}?{sas}")).AddEntityAsync(new TableEntity("p", "2"));
        await new TableServiceClient(new Uri($"{endpoint}?{sas}")).GetTableClient(name).SubmitTransactionAsync([new(TableTransactionActionType.Add, new TableEntity("p", "3"))]);
        var table = new TableClient($"TableEndpoint={endpoint};SharedAccessSignature={sas}", name);
        Assert.Equal((name, Account), (table.Name, table.AccountName));
        var rows = 0;
        await foreach (var entity in table.QueryAsync<TableEntity>(maxPerPage: 1))
        {
            rows++;
        }

        Assert.Equal(3, rows);
        Assert.DoesNotContain("sig=", table.Uri.AbsoluteUri, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Sas_WithoutPermission_IsRefused()
    {
        var client = new TableServiceClient(azurite.Running.TableEndpoint, new AzureSasCredential(AccountSas("r")));
        Assert.Equal(403, (await Assert.ThrowsAsync<RequestFailedException>(() => client.CreateTableAsync(TestNames.Table()))).Status);
    }

    [Fact]
    public async Task Sas_RetriedRequest_CarriesTheSignatureOnce()
    {
        var transport = new FakeTransport((_, call) => new HttpResponseMessage(call == 1 ? HttpStatusCode.ServiceUnavailable : HttpStatusCode.NoContent));
        await new TableServiceClient(new Uri("https://a.table.core.windows.net"), new AzureSasCredential("sv=1&sig=x"), transport.Options).DeleteTableAsync("t");
        Assert.Equal(["?sv=1&sig=x", "?sv=1&sig=x"], transport.Sent.Select(s => s.Request.RequestUri!.Query));
    }

    [Fact]
    public void Sas_OverHttpToAnotherMachine_IsRefused()
    {
        Assert.Throws<ArgumentException>(() => new TableServiceClient(new Uri("http://a.table.core.windows.net"), new AzureSasCredential("sig=x")));
        Assert.Throws<ArgumentException>(() => new TableServiceClient(new Uri("http://a.table.core.windows.net?sig=x")));
        Assert.Throws<ArgumentException>(() => new TableClient(new Uri("https://a.table.core.windows.net/t")));
    }

    [Fact]
    public async Task Token_OverHttp_IsRefused()
    {
        var client = new TableClient(azurite.Running.TableEndpoint, "t", new FakeToken());
        await Assert.ThrowsAsync<InvalidOperationException>(() => client.CreateAsync());
    }

    [Fact]
    public async Task Token_OverHttps_IsSentForTheStorageScope()
    {
        var transport = new FakeTransport((_, _) => new HttpResponseMessage(HttpStatusCode.NoContent));
        var token = new FakeToken();
        await new TableClient(new Uri("https://a.table.core.windows.net"), "t", token, transport.Options).DeleteAsync();
        Assert.Equal(["https://storage.azure.com/.default"], token.Scopes);
        Assert.Equal("Bearer secret", transport.Sent[0].Request.Headers.Authorization!.ToString());
    }

    [Theory]
    [InlineData("UseDevelopmentStorage=true", "http://127.0.0.1:10002/devstoreaccount1", Account)]
    [InlineData("UseDevelopmentStorage=true;DevelopmentStorageProxyUri=http://azurite", "http://azurite:10002/devstoreaccount1", Account)]
    [InlineData($"AccountName=acc;AccountKey={Key}", "https://acc.table.core.windows.net/", "acc")]
    [InlineData($"DefaultEndpointsProtocol=http;AccountName=acc;AccountKey={Key};EndpointSuffix=core.chinacloudapi.cn", "http://acc.table.core.chinacloudapi.cn/", "acc")]
    [InlineData($"BlobEndpoint=http://127.0.0.1:1/acc;TableEndpoint=http://127.0.0.1:3/acc;QueueEndpoint=http://127.0.0.1:2/acc;AccountName=acc;AccountKey={Key};", "http://127.0.0.1:3/acc", "acc")]
    [InlineData("tableendpoint=https://acc.table.core.windows.net/;SharedAccessSignature=?sv=1&sig=abc%3D", "https://acc.table.core.windows.net/", "acc")]
    public void ConnectionString_OfEveryKind_GivesEndpointAndAccount(string connectionString, string endpoint, string account)
    {
        var client = new TableServiceClient(connectionString);
        Assert.Equal((endpoint, account), (client.Uri.AbsoluteUri, client.AccountName));
    }

    [Theory]
    [InlineData("AccountKey=c2VjcmV0", "TableEndpoint")]
    [InlineData("AccountName=acc;AccountKey=!!!secret!!!", "AccountKey")]
    [InlineData("secret", "'='")]
    [InlineData("AccountName=a;AccountName=b", "AccountName")]
    [InlineData("TableEndpoint=nowhere", "TableEndpoint")]
    public void ConnectionString_Wrong_IsRefusedWithoutShowingASecret(string connectionString, string mentions)
    {
        var failure = Assert.Throws<FormatException>(() => new TableServiceClient(connectionString));
        Assert.Contains(mentions, failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", failure.Message, StringComparison.Ordinal);
    }

    /// <summary>An account signature by the recipe of the REST reference "Create an account SAS", version 2019-02-02.</summary>
    private static string AccountSas(string permissions)
    {
        var expiry = DateTimeOffset.UtcNow.AddHours(1).ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);
        var toSign = $"{Account}\n{permissions}\nt\nsco\n\n{expiry}\n\nhttps,http\n2019-02-02\n";
        var signature = Convert.ToBase64String(HMACSHA256.HashData(Convert.FromBase64String(Key), Encoding.UTF8.GetBytes(toSign)));
        return $"sv=2019-02-02&ss=t&srt=sco&sp={permissions}&se={Uri.EscapeDataString(expiry)}&spr=https,http&sig={Uri.EscapeDataString(signature)}";
    }

    private sealed class FakeToken : TokenCredential
    {
        internal List<string> Scopes { get; } = [];

        public override AccessToken GetToken(TokenRequestContext requestContext, CancellationToken cancellationToken)
        {
            Scopes.AddRange(requestContext.Scopes);
            return new AccessToken("secret", DateTimeOffset.UtcNow.AddHours(1));
        }

        public override ValueTask<AccessToken> GetTokenAsync(TokenRequestContext requestContext, CancellationToken cancellationToken) => new(GetToken(requestContext, cancellationToken));
    }
}
