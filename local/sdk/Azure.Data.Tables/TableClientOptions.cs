using Azure.Core;

namespace Azure.Data.Tables;

/// <summary>Options of a table client: service version, and retries, diagnostics and transport of <see cref="ClientOptions"/>.</summary>
public class TableClientOptions : ClientOptions
{
    /// <summary>Options for one version of the service.</summary>
    public TableClientOptions(ServiceVersion serviceVersion = ServiceVersion.V2020_12_06)
    {
        VersionHeader = serviceVersion switch
        {
            ServiceVersion.V2019_02_02 => "2019-02-02",
            ServiceVersion.V2020_12_06 => "2020-12-06",
            _ => throw new ArgumentOutOfRangeException(nameof(serviceVersion)),
        };
        // So that these headers appear in logs; keys, signatures and tokens do not.
        foreach (var header in new[] { "x-ms-version", "DataServiceVersion", "Prefer", "x-ms-continuation-NextPartitionKey", "x-ms-continuation-NextRowKey", "x-ms-continuation-NextTableName" })
        {
            Diagnostics.LoggedHeaderNames.Add(header);
        }
    }

    /// <summary>The value of the header x-ms-version.</summary>
    internal string VersionHeader { get; }

    /// <summary>The versions of the service.</summary>
    public enum ServiceVersion
    {
        /// <summary>2019-02-02.</summary>
        V2019_02_02 = 1,

        /// <summary>2020-12-06, needed for bearer tokens.</summary>
        V2020_12_06 = 2,
    }
}
