using Mlops.Core.Configuration;
using Mlops.Core.Data;

namespace Mlops.Core.Validation;

/// <summary>Checks a batch as it was read: against the contract of its model, or alone when it is the first.</summary>
public static class Validator
{
    /// <summary>The kinds to read a batch with: those of the contract, overruled by the configuration; null when nothing is known.</summary>
    public static IReadOnlyDictionary<string, ColumnKind>? KindsFor(DataContract? contract, ModelConfiguration configuration) => throw new NotImplementedException();

    /// <summary>Checks a batch. When it does not block and there is no contract yet, the caller infers one from it.</summary>
    public static ValidationReport Check(BatchRead read, DataContract? contract, ModelConfiguration configuration) => throw new NotImplementedException();
}
