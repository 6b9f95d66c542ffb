namespace Azure.Data.Tables;
internal static class EntityJson { internal const string PartitionKey = "PartitionKey", RowKey = "RowKey", Timestamp = "Timestamp", ETag = "odata.etag"; }
internal static class ODataFilter {
  internal static string Format(FormattableString f) => throw new NotImplementedException();
  internal static string Translate(System.Linq.Expressions.Expression f) => throw new NotImplementedException(); }
internal static class TableEndpoint { internal static Uri Account(Uri u) => throw new NotImplementedException(); internal static string Table(Uri u) => throw new NotImplementedException(); }
internal sealed record EntityWrite(TableTransactionActionType Action, ITableEntity Entity, ETag ETag) {
  internal static EntityWrite Upsert(ITableEntity e, TableUpdateMode m) => throw new NotImplementedException();
  internal static EntityWrite Update(ITableEntity e, ETag t, TableUpdateMode m) => throw new NotImplementedException(); }
internal sealed class NoValueResponse<T>(Response response) : NullableResponse<T> { public override bool HasValue => false; public override T Value => throw new NotImplementedException(); public override Response GetRawResponse() => response; }
internal sealed class TableRest {
  internal string AccountName => throw new NotImplementedException(); internal Uri Endpoint => throw new NotImplementedException(); internal Uri TableUri(string t) => throw new NotImplementedException();
  internal static TableRest Create(string c, TableClientOptions o) => throw new NotImplementedException();
  internal static TableRest Create(Uri c, TableClientOptions o) => throw new NotImplementedException();
  internal static TableRest Create(Uri c, object k, TableClientOptions o) => throw new NotImplementedException();
  internal Task<Response<Models.TableItem>> CreateTableAsync(string t, bool x, CancellationToken c) => throw new NotImplementedException();
  internal Task<Response> DeleteTableAsync(string t, CancellationToken c) => throw new NotImplementedException();
  internal AsyncPageable<Models.TableItem> QueryTables(string f, int? m, CancellationToken c) => throw new NotImplementedException();
  internal AsyncPageable<T> QueryEntities<T>(string t, string f, int? m, IEnumerable<string> s, CancellationToken c) => throw new NotImplementedException();
  internal Task<Response> SendAsync(string t, EntityWrite w, CancellationToken c) => throw new NotImplementedException();
  internal Task<(T, Response)> GetAsync<T>(string t, string p, string r, IEnumerable<string> s, bool x, CancellationToken c) => throw new NotImplementedException();
  internal Task<Response<IReadOnlyList<Response>>> TransactAsync(string t, List<TableTransactionAction> a, CancellationToken c) => throw new NotImplementedException();
}
