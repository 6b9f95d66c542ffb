using Mlops.Core.Configuration;
using Mlops.Core.Data;

namespace Mlops.Core.Validation;

/// <summary>What later batches of a model must look like, inferred from its first good one.</summary>
public sealed record DataContract
{
    /// <summary>Infers the contract.</summary>
    public static DataContract Infer(DataTable table, ModelConfiguration configuration) => throw new NotImplementedException();

    /// <summary>The contract as a JSON document.</summary>
    public string ToJson() => CoreJson.Write(this);

    /// <summary>Reads what <see cref="ToJson"/> wrote.</summary>
    public static DataContract FromJson(string json) => CoreJson.Read<DataContract>(json, "data contract");
}
