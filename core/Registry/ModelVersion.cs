namespace Mlops.Core.Registry;

/// <summary>One immutable model with what is known of it; only <see cref="State"/> changes.</summary>
public sealed record ModelVersion
{
    /// <summary>1, 2, 3 …; never used twice.</summary>
    public required int Number { get; init; }

    /// <summary>Where it stands.</summary>
    public required VersionState State { get; init; }

    /// <summary>SHA-256 of the ONNX file, 64 lower-case hexadecimal digits.</summary>
    public required string Hash { get; init; }

    /// <summary>The pipeline that made it. One pipeline registers at most one version.</summary>
    public required string Pipeline { get; init; }

    /// <summary>The run that trained it.</summary>
    public required string Run { get; init; }

    /// <summary>The dataset versions it was trained on.</summary>
    public required IReadOnlyList<string> Datasets { get; init; }

    /// <summary>Metrics on the hold-out.</summary>
    public required IReadOnlyDictionary<string, double> Metrics { get; init; }

    /// <summary>The gate's verdict, with its reasons.</summary>
    public required string Verdict { get; init; }

    /// <summary>When it was registered.</summary>
    public required DateTimeOffset Created { get; init; }
}
