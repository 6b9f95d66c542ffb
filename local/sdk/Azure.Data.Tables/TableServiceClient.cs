using System.Linq.Expressions;
using Azure.Core;
using Azure.Data.Tables.Models;

namespace Azure.Data.Tables;

/// <summary>The tables of an account.</summary>
public class TableServiceClient
{
    private readonly TableRest _rest;

    /// <summary>A client for the account of a connection string, <c>UseDevelopmentStorage=true</c> included.</summary>
    public TableServiceClient(string connectionString)
        : this(connectionString, null)
    {
    }

    /// <summary>A client for the account of a connection string, <c>UseDevelopmentStorage=true</c> included.</summary>
    /// <exception cref="FormatException">The connection string names no table endpoint and no account.</exception>
    public TableServiceClient(string connectionString, TableClientOptions options = null) => _rest = TableRest.Create(connectionString, options);

    /// <summary>A client that signs with a shared access signature.</summary>
    public TableServiceClient(Uri endpoint, AzureSasCredential credential)
        : this(endpoint, credential, null)
    {
    }

    /// <summary>A client that signs with a shared access signature; over https only.</summary>
    public TableServiceClient(Uri endpoint, AzureSasCredential credential, TableClientOptions options = null) => _rest = TableRest.Create(endpoint, credential, options);

    /// <summary>A client that authenticates with Microsoft Entra ID; over https only.</summary>
    public TableServiceClient(Uri endpoint, TokenCredential tokenCredential, TableClientOptions options = null) => _rest = TableRest.Create(endpoint, tokenCredential, options);

    /// <summary>A client that sends no credential but what the endpoint's query holds.</summary>
    public TableServiceClient(Uri endpoint, TableClientOptions options = null) => _rest = TableRest.Create(endpoint, options);

    /// <summary>A client that signs with the account key.</summary>
    public TableServiceClient(Uri endpoint, TableSharedKeyCredential credential)
        : this(endpoint, credential, null)
    {
    }

    /// <summary>A client that signs with the account key.</summary>
    public TableServiceClient(Uri endpoint, TableSharedKeyCredential credential, TableClientOptions options) => _rest = TableRest.Create(endpoint, credential, options);

    /// <summary>For mocking.</summary>
    protected TableServiceClient()
    {
    }

    /// <summary>The account's name.</summary>
    public virtual string AccountName => _rest.AccountName;

    /// <summary>The endpoint, without credentials.</summary>
    public virtual Uri Uri => _rest.Endpoint;

    /// <summary>A filter whose values are quoted and escaped by their type.</summary>
    public static string CreateQueryFilter(FormattableString filter) => ODataFilter.Format(filter);

    /// <summary>A filter from an expression.</summary>
    public static string CreateQueryFilter(Expression<Func<TableItem, bool>> filter) => ODataFilter.Translate(filter);

    /// <summary>A client for one table; sends nothing.</summary>
    public virtual TableClient GetTableClient(string tableName)
    {
        ArgumentException.ThrowIfNullOrEmpty(tableName);
        return new TableClient(_rest, tableName);
    }

    /// <summary>Creates a table; fails with 409 where it exists.</summary>
    public virtual Task<Response<TableItem>> CreateTableAsync(string tableName, CancellationToken cancellationToken = default) =>
        _rest.CreateTableAsync(tableName, false, cancellationToken);

    /// <summary>Creates a table; where it exists, the response has status 409.</summary>
    public virtual Task<Response<TableItem>> CreateTableIfNotExistsAsync(string tableName, CancellationToken cancellationToken = default) =>
        _rest.CreateTableAsync(tableName, true, cancellationToken);

    /// <summary>Deletes a table; where it is missing, the response has status 404.</summary>
    public virtual Task<Response> DeleteTableAsync(string tableName, CancellationToken cancellationToken = default) =>
        _rest.DeleteTableAsync(tableName, cancellationToken);

    /// <summary>The tables that match a filter in OData, or all.</summary>
    public virtual AsyncPageable<TableItem> QueryAsync(string filter = null, int? maxPerPage = null, CancellationToken cancellationToken = default) =>
        _rest.QueryTables(filter, maxPerPage, cancellationToken);

    /// <summary>The tables that match a filter whose values are quoted and escaped by their type.</summary>
    public virtual AsyncPageable<TableItem> QueryAsync(FormattableString filter, int? maxPerPage = null, CancellationToken cancellationToken = default) =>
        _rest.QueryTables(ODataFilter.Format(filter), maxPerPage, cancellationToken);

    /// <summary>The tables that match an expression.</summary>
    public virtual AsyncPageable<TableItem> QueryAsync(Expression<Func<TableItem, bool>> filter, int? maxPerPage = null, CancellationToken cancellationToken = default) =>
        _rest.QueryTables(ODataFilter.Translate(filter), maxPerPage, cancellationToken);
}
