using System.Linq.Expressions;
using Azure.Core;
using Azure.Data.Tables.Models;

namespace Azure.Data.Tables;

/// <summary>The entities of one table.</summary>
/// <remarks>Errors of the service are <see cref="RequestFailedException"/> with the service's <see cref="RequestFailedException.ErrorCode"/>.
/// A write answers the new ETag in the response's headers; the entity passed in is not changed.</remarks>
public class TableClient
{
    private readonly TableRest _rest;

    /// <summary>A client for a table of the account of a connection string, <c>UseDevelopmentStorage=true</c> included.</summary>
    public TableClient(string connectionString, string tableName)
        : this(connectionString, tableName, null)
    {
    }

    /// <summary>A client for a table of the account of a connection string, <c>UseDevelopmentStorage=true</c> included.</summary>
    /// <exception cref="FormatException">The connection string names no table endpoint and no account.</exception>
    public TableClient(string connectionString, string tableName, TableClientOptions options = null)
        : this(TableRest.Create(connectionString, options), tableName)
    {
    }

    /// <summary>A client for the table at the end of the endpoint's path, with a shared access signature.</summary>
    public TableClient(Uri endpoint, AzureSasCredential credential, TableClientOptions options = null)
        : this(TableRest.Create(TableEndpoint.Account(endpoint), credential, options), TableEndpoint.Table(endpoint))
    {
    }

    /// <summary>A client for the table at the end of the endpoint's path that sends no credential but what the query holds.</summary>
    public TableClient(Uri endpoint, TableClientOptions options = null)
        : this(TableRest.Create(TableEndpoint.Account(endpoint), options), TableEndpoint.Table(endpoint))
    {
    }

    /// <summary>A client that authenticates with Microsoft Entra ID; over https only.</summary>
    public TableClient(Uri endpoint, string tableName, TokenCredential tokenCredential, TableClientOptions options = null)
        : this(TableRest.Create(endpoint, tokenCredential, options), tableName)
    {
    }

    /// <summary>A client that signs with the account key.</summary>
    public TableClient(Uri endpoint, string tableName, TableSharedKeyCredential credential)
        : this(endpoint, tableName, credential, null)
    {
    }

    /// <summary>A client that signs with the account key.</summary>
    public TableClient(Uri endpoint, string tableName, TableSharedKeyCredential credential, TableClientOptions options = null)
        : this(TableRest.Create(endpoint, credential, options), tableName)
    {
    }

    internal TableClient(TableRest rest, string tableName)
    {
        ArgumentException.ThrowIfNullOrEmpty(tableName);
        _rest = rest;
        Name = tableName;
    }

    /// <summary>For mocking.</summary>
    protected TableClient()
    {
    }

    /// <summary>The table's name.</summary>
    public virtual string Name { get; }

    /// <summary>The account's name.</summary>
    public virtual string AccountName => _rest.AccountName;

    /// <summary>The table's address, without credentials.</summary>
    public virtual Uri Uri => _rest.TableUri(Name);

    /// <summary>A filter whose values are quoted and escaped by their type.</summary>
    public static string CreateQueryFilter(FormattableString filter) => ODataFilter.Format(filter);

    /// <summary>A filter from an expression.</summary>
    public static string CreateQueryFilter<T>(Expression<Func<T, bool>> filter) => ODataFilter.Translate(filter);

    /// <summary>Creates the table; fails with 409 where it exists.</summary>
    public virtual Task<Response<TableItem>> CreateAsync(CancellationToken cancellationToken = default) => _rest.CreateTableAsync(Name, false, cancellationToken);

    /// <summary>Creates the table; where it exists, the response has status 409.</summary>
    public virtual Task<Response<TableItem>> CreateIfNotExistsAsync(CancellationToken cancellationToken = default) => _rest.CreateTableAsync(Name, true, cancellationToken);

    /// <summary>Deletes the table; where it is missing, the response has status 404.</summary>
    public virtual Task<Response> DeleteAsync(CancellationToken cancellationToken = default) => _rest.DeleteTableAsync(Name, cancellationToken);

    /// <summary>Inserts an entity; fails with 409 where it exists.</summary>
    public virtual Task<Response> AddEntityAsync<T>(T entity, CancellationToken cancellationToken = default)
        where T : ITableEntity =>
        _rest.SendAsync(Name, new EntityWrite(TableTransactionActionType.Add, entity, default), cancellationToken);

    /// <summary>Reads an entity; fails with 404 where it is missing.</summary>
    public virtual async Task<Response<T>> GetEntityAsync<T>(string partitionKey, string rowKey, IEnumerable<string> select = null, CancellationToken cancellationToken = default)
        where T : class, ITableEntity
    {
        var (entity, response) = await _rest.GetAsync<T>(Name, partitionKey, rowKey, select, false, cancellationToken).ConfigureAwait(false);
        return Response.FromValue(entity, response);
    }

    /// <summary>Reads an entity; answers without a value where it is missing.</summary>
    public virtual async Task<NullableResponse<T>> GetEntityIfExistsAsync<T>(string partitionKey, string rowKey, IEnumerable<string> select = null, CancellationToken cancellationToken = default)
        where T : class, ITableEntity
    {
        var (entity, response) = await _rest.GetAsync<T>(Name, partitionKey, rowKey, select, true, cancellationToken).ConfigureAwait(false);
        return entity is null ? new NoValueResponse<T>(response) : Response.FromValue(entity, response);
    }

    /// <summary>Writes an entity, whether it exists or not.</summary>
    public virtual Task<Response> UpsertEntityAsync<T>(T entity, TableUpdateMode mode = TableUpdateMode.Merge, CancellationToken cancellationToken = default)
        where T : ITableEntity =>
        _rest.SendAsync(Name, EntityWrite.Upsert(entity, mode), cancellationToken);

    /// <summary>Changes an entity that exists (404) and has the version <paramref name="ifMatch"/> (412), or any version with <see cref="ETag.All"/>.</summary>
    /// <exception cref="ArgumentException"><paramref name="ifMatch"/> is the default.</exception>
    public virtual Task<Response> UpdateEntityAsync<T>(T entity, ETag ifMatch, TableUpdateMode mode = TableUpdateMode.Merge, CancellationToken cancellationToken = default)
        where T : ITableEntity =>
        _rest.SendAsync(Name, EntityWrite.Update(entity, ifMatch, mode), cancellationToken);

    /// <summary>Deletes an entity of the version <paramref name="ifMatch"/> (412), or by default of any version; where it is missing, the response has status 404.</summary>
    public virtual Task<Response> DeleteEntityAsync(string partitionKey, string rowKey, ETag ifMatch = default, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(partitionKey);
        ArgumentNullException.ThrowIfNull(rowKey);
        return _rest.SendAsync(Name, new EntityWrite(TableTransactionActionType.Delete, new TableEntity(partitionKey, rowKey), ifMatch), cancellationToken);
    }

    /// <summary>Deletes an entity by its keys, as the other overload; the entity's own ETag is not used.</summary>
    public virtual Task<Response> DeleteEntityAsync(ITableEntity entity, ETag ifMatch = default, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(entity);
        return DeleteEntityAsync(entity.PartitionKey, entity.RowKey, ifMatch, cancellationToken);
    }

    /// <summary>The entities that match an expression, ordered by partition key, then row key.</summary>
    public virtual AsyncPageable<T> QueryAsync<T>(Expression<Func<T, bool>> filter, int? maxPerPage = null, IEnumerable<string> select = null, CancellationToken cancellationToken = default)
        where T : class, ITableEntity =>
        _rest.QueryEntities<T>(Name, ODataFilter.Translate(filter), maxPerPage, select, cancellationToken);

    /// <summary>The entities that match a filter in OData, or all, ordered by partition key, then row key; at most 1,000 per page.</summary>
    public virtual AsyncPageable<T> QueryAsync<T>(string filter = null, int? maxPerPage = null, IEnumerable<string> select = null, CancellationToken cancellationToken = default)
        where T : class, ITableEntity =>
        _rest.QueryEntities<T>(Name, filter, maxPerPage, select, cancellationToken);

    /// <summary>Applies 1 to 100 writes of one partition, each entity at most once, all or none.</summary>
    /// <exception cref="TableTransactionFailedException">The service refused; nothing was applied.</exception>
    /// <exception cref="InvalidOperationException">There are no actions.</exception>
    public virtual Task<Response<IReadOnlyList<Response>>> SubmitTransactionAsync(IEnumerable<TableTransactionAction> transactionActions, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(transactionActions);
        return _rest.TransactAsync(Name, [.. transactionActions], cancellationToken);
    }
}
