using System.Net;
using System.Text;
using Azure;
using Azure.Data.Tables;

namespace Mlops.Storage.Tests.Tables;

/// <summary>What goes over the wire, and how answers that Azurite never gives are taken.</summary>
public sealed class ProtocolTests
{
    private static readonly TableSharedKeyCredential s_key = new("acc", "c2VjcmV0");
    private static readonly Uri s_endpoint = new("https://acc.table.core.windows.net/");

    [Fact]
    public async Task Request_OfAnInsert_IsAsTheServiceDocumentsIt()
    {
        var transport = new FakeTransport((_, _) => new HttpResponseMessage(HttpStatusCode.NoContent));
        await Table(transport).AddEntityAsync(new TableEntity("p", "r") { ["L"] = 1L, ["D"] = 2.0, ["S"] = "ü" });
        var (request, body) = Assert.Single(transport.Sent);
        Assert.Equal((HttpMethod.Post, "https://acc.table.core.windows.net/t"), (request.Method, request.RequestUri!.AbsoluteUri));
        Assert.Equal("""{"PartitionKey":"p","RowKey":"r","L@odata.type":"Edm.Int64","L":"1","D@odata.type":"Edm.Double","D":2,"S":"ü"}""", body);
        Assert.Equal("2020-12-06", request.Headers.GetValues("x-ms-version").Single());
        Assert.Equal("3.0", request.Headers.GetValues("DataServiceVersion").Single());
        Assert.Equal("return-no-content", request.Headers.GetValues("Prefer").Single());
        Assert.Equal("application/json; odata=minimalmetadata", request.Headers.Accept.Single().ToString());
        Assert.Equal("application/json", request.Content!.Headers.ContentType!.ToString());
        Assert.StartsWith("SharedKeyLite acc:", request.Headers.Authorization!.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Request_OfAnUpdate_CarriesTheETag()
    {
        var transport = new FakeTransport((_, _) => new HttpResponseMessage(HttpStatusCode.NoContent));
        var table = Table(transport);
        var etag = new ETag("W/\"datetime'2026-01-01T00%3A00%3A00Z'\"");
        await table.UpdateEntityAsync(new TableEntity("p", "r"), etag);
        await table.UpdateEntityAsync(new TableEntity("p", "r"), ETag.All, TableUpdateMode.Replace);
        await table.UpsertEntityAsync(new TableEntity("p", "r"));
        await table.DeleteEntityAsync("p", "r");
        Assert.Equal(["PATCH", "PUT", "PATCH", "DELETE"], transport.Sent.Select(s => s.Request.Method.Method));
        Assert.Equal(["W/\"datetime'2026-01-01T00%3A00%3A00Z'\"", "*", null, "*"], transport.Sent.Select(s => s.Request.Headers.TryGetValues("If-Match", out var v) ? v.Single() : null));
    }

    [Fact]
    public async Task Request_OlderVersion_IsStated()
    {
        var transport = new FakeTransport((_, _) => new HttpResponseMessage(HttpStatusCode.NoContent));
        var options = new TableClientOptions(TableClientOptions.ServiceVersion.V2019_02_02) { Transport = transport.Options.Transport };
        await new TableClient(s_endpoint, "t", s_key, options).DeleteAsync();
        Assert.Equal("2019-02-02", transport.Sent[0].Request.Headers.GetValues("x-ms-version").Single());
        Assert.Throws<ArgumentOutOfRangeException>(() => new TableClientOptions((TableClientOptions.ServiceVersion)9));
    }

    [Theory]
    [InlineData(HttpStatusCode.ServiceUnavailable)]
    [InlineData(HttpStatusCode.InternalServerError)]
    [InlineData(HttpStatusCode.TooManyRequests)]
    public async Task Request_PassingTrouble_IsRetriedWithAFreshSignature(HttpStatusCode trouble)
    {
        var transport = new FakeTransport((_, call) => new HttpResponseMessage(call < 3 ? trouble : HttpStatusCode.NoContent));
        await Table(transport).UpsertEntityAsync(new TableEntity("p", "r") { ["A"] = 1 });
        Assert.Equal(3, transport.Sent.Count);
        Assert.All(transport.Sent, s => Assert.Equal(transport.Sent[0].Body, s.Body));
    }

    [Fact]
    public async Task Request_LastingTrouble_FailsWithTheStatus()
    {
        var transport = new FakeTransport((_, _) => new HttpResponseMessage(HttpStatusCode.ServiceUnavailable));
        var failure = await Assert.ThrowsAsync<RequestFailedException>(() => Table(transport).UpsertEntityAsync(new TableEntity("p", "r")));
        Assert.Equal(503, failure.Status);
        Assert.Equal(4, transport.Sent.Count);
    }

    [Theory]
    [InlineData("<html>proxy</html>", null)]
    [InlineData("{}", null)]
    [InlineData("{\"odata.error\":{}}", null)]
    [InlineData("{\"odata.error\":{\"code\":\"TableBeingDeleted\",\"message\":{\"lang\":\"en-US\",\"value\":\"Wait.\"}}}", "TableBeingDeleted")]
    public async Task Failure_OfAnyBody_KeepsStatusAndCode(string body, string? code)
    {
        var transport = new FakeTransport((_, _) => new HttpResponseMessage(HttpStatusCode.Conflict) { Content = new StringContent(body, Encoding.UTF8, "application/json") });
        var failure = await Assert.ThrowsAsync<RequestFailedException>(() => Table(transport).CreateIfNotExistsAsync());
        Assert.Equal((409, code), (failure.Status, failure.ErrorCode));
    }

    [Fact]
    public async Task Query_EmptyPageWithToken_GoesOn()
    {
        var transport = new FakeTransport((request, call) =>
        {
            var response = new HttpResponseMessage(HttpStatusCode.OK) { Content = new StringContent(call == 2 ? """{"value":[{"odata.etag":"e","PartitionKey":"p","RowKey":"r"}]}""" : """{"value":[]}""") };
            if (call < 3)
            {
                response.Headers.Add("x-ms-continuation-NextPartitionKey", $"1!{call}");
                if (call == 1)
                {
                    response.Headers.Add("x-ms-continuation-NextRowKey", "1!a b+c");
                }
            }

            return response;
        });
        var found = new List<TableEntity>();
        await foreach (var entity in Table(transport).QueryAsync<TableEntity>("A eq 1 and B eq '+&'", maxPerPage: 5, select: ["A", "B"]))
        {
            found.Add(entity);
        }

        Assert.Equal("r", Assert.Single(found).RowKey);
        Assert.Equal(
            [
                "?$top=5&$select=A%2CB&$filter=A%20eq%201%20and%20B%20eq%20%27%2B%26%27",
                "?$top=5&$select=A%2CB&$filter=A%20eq%201%20and%20B%20eq%20%27%2B%26%27&NextPartitionKey=1%211&NextRowKey=1%21a%20b%2Bc",
                "?$top=5&$select=A%2CB&$filter=A%20eq%201%20and%20B%20eq%20%27%2B%26%27&NextPartitionKey=1%212",
            ],
            transport.Sent.Select(s => s.Request.RequestUri!.Query));
    }

    [Fact]
    public async Task Transaction_AnswerOfTheService_IsReadWholly()
    {
        // The form of the REST reference "Performing entity group transactions".
        const string Body = "--batchresponse_1\r\nContent-Type: multipart/mixed; boundary=changesetresponse_2\r\n\r\n"
            + "--changesetresponse_2\r\nContent-Type: application/http\r\nContent-Transfer-Encoding: binary\r\n\r\n"
            + "HTTP/1.1 204 No Content\r\nETag: W/\"1\"\r\nPreference-Applied: return-no-content\r\nDataServiceVersion: 3.0;\r\n\r\n\r\n"
            + "--changesetresponse_2\r\nContent-Type: application/http\r\nContent-Transfer-Encoding: binary\r\n\r\n"
            + "HTTP/1.1 201 Created\r\nETag: W/\"2\"\r\nContent-Type: application/json;odata=minimalmetadata\r\n\r\n{\"RowKey\":\"r\"}\r\n"
            + "--changesetresponse_2--\r\n--batchresponse_1--\r\n";
        var result = await TransactAsync("multipart/mixed; boundary=batchresponse_1", Body);
        Assert.Equal([204, 201], result.Value.Select(r => r.Status));
        Assert.Equal(["W/\"1\"", "W/\"2\""], result.Value.Select(r => r.Headers.ETag!.Value.ToString()));
        Assert.Equal("{\"RowKey\":\"r\"}", result.Value[1].Content.ToString());
    }

    [Theory]
    [InlineData("multipart/mixed; boundary=b", "--b\r\nContent-Type: application/http\r\n\r\nnot http\r\n--b--")]
    [InlineData("multipart/mixed", "")]
    public async Task Transaction_AnswerOutOfForm_IsRefused(string contentType, string body) =>
        await Assert.ThrowsAsync<FormatException>(() => TransactAsync(contentType, body));

    [Fact]
    public async Task Limits_ThatAzuriteDoesNotKeep_AreKept()
    {
        var transport = new FakeTransport((_, _) => new HttpResponseMessage(HttpStatusCode.NoContent));
        var wide = new TableEntity("p", "r");
        for (var i = 0; i < 253; i++)
        {
            wide[$"c{i}"] = i;
        }

        await RefusedAsync(wide, "TooManyProperties");
        wide.Remove("c0");
        await Table(transport).UpsertEntityAsync(wide);
        await RefusedAsync(new TableEntity("p", "r") { ["a-b"] = 1 }, "PropertyNameInvalid");
        await RefusedAsync(new TableEntity("p", "r") { ["1a"] = 1 }, "PropertyNameInvalid");
        await RefusedAsync(new TableEntity("p", "r") { [new string('a', 256)] = 1 }, "PropertyNameTooLong");
        await RefusedAsync(new TableEntity("p", "r") { ["a"] = DateTimeOffset.MinValue }, "OutOfRangeInput");
        Assert.Single(transport.Sent);

        async Task RefusedAsync(TableEntity entity, string code)
        {
            var failure = await Assert.ThrowsAsync<RequestFailedException>(() => Table(transport).UpsertEntityAsync(entity));
            Assert.Equal((400, code), (failure.Status, failure.ErrorCode));
        }
    }

    [Fact]
    public void TableEntity_Setter_KeepsTheWiderNumber()
    {
        var entity = new TableEntity { ["D"] = 1.5, ["L"] = 1L, ["I"] = 1, ["S"] = "s" };
        entity["D"] = 2;
        entity["L"] = 2;
        entity["I"] = 2L;
        entity["S"] = 3;
        Assert.Equal([2.0, 2L, 2L, 3], new[] { entity["D"], entity["L"], entity["I"], entity["S"] });
        Assert.Throws<InvalidOperationException>(() => entity.GetString("D"));
        Assert.Throws<InvalidOperationException>(() => entity.GetInt32("L"));
        Assert.Null(entity.GetString("none"));
    }

    private static TableClient Table(FakeTransport transport) => new(s_endpoint, "t", s_key, transport.Options);

    private static Task<Response<IReadOnlyList<Response>>> TransactAsync(string contentType, string body)
    {
        var transport = new FakeTransport((_, _) =>
        {
            var content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
            content.Headers.TryAddWithoutValidation("Content-Type", contentType);
            return new HttpResponseMessage(HttpStatusCode.Accepted) { Content = content };
        });
        return Table(transport).SubmitTransactionAsync([new(TableTransactionActionType.Add, new TableEntity("p", "r"))]);
    }
}
