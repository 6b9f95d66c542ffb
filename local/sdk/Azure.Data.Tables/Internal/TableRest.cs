#nullable enable
using System.Globalization;
using System.Text.Json;
using Azure.Core;
using Azure.Core.Pipeline;
using Azure.Data.Tables.Models;

namespace Azure.Data.Tables;

/// <summary>The table service's REST protocol on an Azure.Core pipeline, which retries, logs and authenticates.</summary>
internal sealed class TableRest
{
    private const string Accept = "application/json;odata=minimalmetadata";
    private const string StorageScope = "https://storage.azure.com/.default";

    private readonly HttpPipeline _pipeline;
    private readonly string _version;

    /// <summary>The signature that came with the endpoint itself, or empty.</summary>
    private readonly string _query;

    private TableRest(Uri endpoint, string? accountName, HttpPipelinePolicy? authentication, TableClientOptions? options)
    {
        options ??= new TableClientOptions();
        _version = options.VersionHeader;
        _query = endpoint.Query.TrimStart('?');
        Endpoint = TableEndpoint.Bare(endpoint);
        AccountName = accountName ?? TableEndpoint.AccountName(endpoint);
        var pipeline = new HttpPipelineOptions(options) { RequestFailedDetailsParser = TableErrorParser.Instance };
        if (authentication is not null)
        {
            // Per retry, because a signature is valid for some minutes only.
            pipeline.PerRetryPolicies.Add(authentication);
        }

        _pipeline = HttpPipelineBuilder.Build(pipeline);
    }

    internal string AccountName { get; }

    internal Uri Endpoint { get; }

    internal static TableRest Create(string connectionString, TableClientOptions? options)
    {
        var (endpoint, key, sas) = TableConnectionString.Parse(connectionString);
        return key is not null ? Create(endpoint, key, options)
            : sas is not null ? Create(endpoint, new AzureSasCredential(sas), options)
            : new TableRest(endpoint, null, null, options);
    }

    internal static TableRest Create(Uri endpoint, TableSharedKeyCredential credential, TableClientOptions? options)
    {
        ArgumentNullException.ThrowIfNull(endpoint);
        ArgumentNullException.ThrowIfNull(credential);
        return new TableRest(endpoint, credential.AccountName, new SharedKeyPolicy(credential, TimeProvider.System), options);
    }

    internal static TableRest Create(Uri endpoint, TokenCredential credential, TableClientOptions? options)
    {
        ArgumentNullException.ThrowIfNull(endpoint);
        ArgumentNullException.ThrowIfNull(credential);
        return new TableRest(endpoint, null, new BearerTokenAuthenticationPolicy(credential, StorageScope), options);
    }

    internal static TableRest Create(Uri endpoint, AzureSasCredential credential, TableClientOptions? options)
    {
        ArgumentNullException.ThrowIfNull(credential);
        RequireTls(endpoint);
        return new TableRest(endpoint, null, new SasPolicy(credential), options);
    }

    internal static TableRest Create(Uri endpoint, TableClientOptions? options)
    {
        RequireTls(endpoint);
        return string.IsNullOrEmpty(endpoint.Query)
            ? throw new ArgumentException($"The endpoint {endpoint} has no query; expected a shared access signature in it.", nameof(endpoint))
            : new TableRest(endpoint, null, null, options);
    }

    internal Uri TableUri(string table) => new($"{Endpoint.AbsoluteUri.TrimEnd('/')}/{table}");

    internal async Task<Response<TableItem>> CreateTableAsync(string table, bool mayExist, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(table);
        using var message = Message(RequestMethod.Post, "Tables");
        message.Request.Headers.Add("Prefer", "return-no-content");
        message.Request.Headers.Add("Content-Type", "application/json");
        message.Request.Content = RequestContent.Create(JsonSerializer.SerializeToUtf8Bytes(new Dictionary<string, string> { ["TableName"] = table }));
        var response = await SendAsync(message, cancellationToken).ConfigureAwait(false);
        if (response.IsError)
        {
            var failure = new RequestFailedException(response);
            if (!mayExist || response.Status != 409 || failure.ErrorCode != TableErrorCode.TableAlreadyExists.ToString())
            {
                throw failure;
            }
        }

        return Response.FromValue(new TableItem(table), response);
    }

    internal async Task<Response> DeleteTableAsync(string table, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(table);
        using var message = Message(RequestMethod.Delete, $"Tables({Quoted(table)})");
        return Expect(await SendAsync(message, cancellationToken).ConfigureAwait(false), 204, 404);
    }

    internal AsyncPageable<TableItem> QueryTables(string? filter, int? maxPerPage, CancellationToken cancellationToken) =>
        new TablePages<TableItem>(
            async (token, size, cancel) =>
            {
                using var message = Message(RequestMethod.Get, "Tables", Top(size ?? maxPerPage), ("$filter", filter), ("NextTableName", token));
                var response = Expect(await SendAsync(message, cancel).ConfigureAwait(false), 200);
                using var body = JsonDocument.Parse(response.Content);
                var tables = body.RootElement.GetProperty("value").EnumerateArray().Select(t => new TableItem(t.GetProperty("TableName").GetString()!)).ToList();
                return Page<TableItem>.FromValues(tables, Header(response, "x-ms-continuation-NextTableName"), response);
            },
            cancellationToken);

    internal async Task<(T? Entity, Response Response)> GetAsync<T>(string table, string partitionKey, string rowKey, IEnumerable<string>? select, bool mayMiss, CancellationToken cancellationToken)
        where T : class, ITableEntity
    {
        ArgumentNullException.ThrowIfNull(partitionKey);
        ArgumentNullException.ThrowIfNull(rowKey);
        using var message = Message(RequestMethod.Get, Keys(table, partitionKey, rowKey), ("$select", Joined(select)));
        var response = await SendAsync(message, cancellationToken).ConfigureAwait(false);
        if (mayMiss && response.Status == 404)
        {
            return (null, response);
        }

        using var body = JsonDocument.Parse(Expect(response, 200).Content);
        return (EntityJson.Read<T>(body.RootElement), response);
    }

    internal AsyncPageable<T> QueryEntities<T>(string table, string? filter, int? maxPerPage, IEnumerable<string>? select, CancellationToken cancellationToken)
        where T : class, ITableEntity
    {
        var columns = Joined(select);
        return new TablePages<T>(
            async (token, size, cancel) =>
            {
                // Keys hold no unescaped space here: the service answers them encoded.
                var next = token?.Split(' ', 2);
                using var message = Message(
                    RequestMethod.Get,
                    $"{table}()",
                    Top(size ?? maxPerPage),
                    ("$select", columns),
                    ("$filter", filter),
                    ("NextPartitionKey", next?[0]),
                    ("NextRowKey", next?.ElementAtOrDefault(1)));
                var response = Expect(await SendAsync(message, cancel).ConfigureAwait(false), 200);
                using var body = JsonDocument.Parse(response.Content);
                var entities = body.RootElement.GetProperty("value").EnumerateArray().Select(EntityJson.Read<T>).ToList();
                var (partition, row) = (Header(response, "x-ms-continuation-NextPartitionKey"), Header(response, "x-ms-continuation-NextRowKey"));
                return Page<T>.FromValues(entities, partition is null && row is null ? null : $"{partition} {row}", response);
            },
            cancellationToken);
    }

    internal async Task<Response> SendAsync(string table, EntityWrite write, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(write.Entity);
        ServiceLimits.Check(write.Entity);
        using var message = Message(write.Method, Address(table, write));
        if (write.IfMatch is { } ifMatch)
        {
            message.Request.Headers.Add("If-Match", ifMatch);
        }

        if (write.Action == TableTransactionActionType.Add)
        {
            message.Request.Headers.Add("Prefer", "return-no-content");
        }

        if (write.HasBody)
        {
            message.Request.Headers.Add("Content-Type", "application/json");
            message.Request.Content = RequestContent.Create(EntityJson.Write(write.Entity));
        }

        var response = await SendAsync(message, cancellationToken).ConfigureAwait(false);
        return write.Action == TableTransactionActionType.Delete ? Expect(response, 204, 404) : Expect(response, 201, 204);
    }

    internal async Task<Response<IReadOnlyList<Response>>> TransactAsync(string table, List<TableTransactionAction> actions, CancellationToken cancellationToken)
    {
        if (actions.Count == 0)
        {
            throw new InvalidOperationException("The transaction has no actions; expected 1 to 100.");
        }

        List<EntityWrite> writes = [.. actions.Select(EntityWrite.Of)];
        ServiceLimits.Check(writes);
        var (contentType, body) = TableBatch.Write(writes, write => Absolute(Address(table, write)), Accept, Guid.NewGuid());
        using var message = Message(RequestMethod.Post, "$batch");
        message.Request.Headers.SetValue("Content-Type", contentType);
        message.Request.Content = RequestContent.Create(body);
        var response = Expect(await SendAsync(message, cancellationToken).ConfigureAwait(false), 202);
        var parts = TableBatch.Read(response.Headers.ContentType ?? "", response.Content.ToString());
        if (parts.FirstOrDefault(part => part.IsError) is { } failed)
        {
            throw new TableTransactionFailedException(new RequestFailedException(failed, null, TableErrorParser.Instance));
        }

        return Response.FromValue(parts, response);
    }

    private static void RequireTls(Uri endpoint)
    {
        ArgumentNullException.ThrowIfNull(endpoint);
        if (endpoint.Scheme != Uri.UriSchemeHttps && !endpoint.IsLoopback)
        {
            throw new ArgumentException($"Cannot use a shared access signature without HTTPS; found '{endpoint.Scheme}'.", nameof(endpoint));
        }
    }

    private static Response Expect(Response response, params ReadOnlySpan<int> statuses) =>
        statuses.Contains(response.Status) ? response : throw new RequestFailedException(response);

    private static string? Header(Response response, string name) => response.Headers.TryGetValue(name, out var value) ? value : null;

    private static (string, string?) Top(int? size) => ("$top", size?.ToString(CultureInfo.InvariantCulture));

    private static string? Joined(IEnumerable<string>? select) => select is null ? null : string.Join(',', select);

    /// <summary>A string literal of OData inside an address.</summary>
    private static string Quoted(string text) => $"'{Uri.EscapeDataString(text.Replace("'", "''", StringComparison.Ordinal))}'";

    private static string Keys(string table, string partitionKey, string rowKey) => $"{table}(PartitionKey={Quoted(partitionKey)},RowKey={Quoted(rowKey)})";

    private static string Address(string table, EntityWrite write)
    {
        if (write.Action == TableTransactionActionType.Add)
        {
            return table;
        }

        ArgumentNullException.ThrowIfNull(write.Entity.PartitionKey);
        ArgumentNullException.ThrowIfNull(write.Entity.RowKey);
        return Keys(table, write.Entity.PartitionKey, write.Entity.RowKey);
    }

    private string Absolute(string path) => $"{Endpoint.AbsoluteUri.TrimEnd('/')}/{path}";

    private HttpMessage Message(RequestMethod method, string path, params ReadOnlySpan<(string Name, string? Value)> query)
    {
        var pairs = new List<string>();
        foreach (var (name, value) in query)
        {
            if (!string.IsNullOrEmpty(value))
            {
                pairs.Add($"{name}={Uri.EscapeDataString(value)}");
            }
        }

        if (_query.Length > 0)
        {
            pairs.Add(_query);
        }

        var message = _pipeline.CreateMessage();
        var request = message.Request;
        request.Method = method;
        request.Uri.Reset(new Uri(Absolute(path) + (pairs.Count == 0 ? "" : "?" + string.Join('&', pairs))));
        request.Headers.Add("x-ms-version", _version);
        request.Headers.Add("DataServiceVersion", "3.0");
        request.Headers.Add("Accept", Accept);
        return message;
    }

    private async Task<Response> SendAsync(HttpMessage message, CancellationToken cancellationToken)
    {
        await _pipeline.SendAsync(message, cancellationToken).ConfigureAwait(false);
        return message.Response;
    }
}
