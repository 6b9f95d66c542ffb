#nullable enable
namespace Azure.Data.Tables;

/// <summary>The parts of the address of an account's table service, in the form <c>https://account.host/</c> or, as Azurite has it, <c>http://127.0.0.1:port/account</c>.</summary>
internal static class TableEndpoint
{
    /// <summary>The address without query and trailing slash.</summary>
    internal static Uri Bare(Uri endpoint) => new(endpoint.GetLeftPart(UriPartial.Path).TrimEnd('/'));

    /// <summary>The account part of the address of a table, its query kept.</summary>
    internal static Uri Account(Uri tableEndpoint)
    {
        var path = Bare(tableEndpoint).AbsoluteUri;
        return new Uri(path[..path.LastIndexOf('/')] + tableEndpoint.Query);
    }

    /// <summary>The table's name: the last segment of the address of a table.</summary>
    internal static string Table(Uri tableEndpoint) => Bare(tableEndpoint).Segments[^1].Trim('/');

    /// <summary>The account's name: the first segment of the path where the host is an address, else the first label of the host.</summary>
    internal static string AccountName(Uri endpoint)
    {
        var path = Bare(endpoint).AbsolutePath.Trim('/');
        return endpoint.HostNameType == UriHostNameType.Dns && !endpoint.IsLoopback
            ? endpoint.Host.Split('.')[0]
            : path.Split('/')[0];
    }
}
