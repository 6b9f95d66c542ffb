namespace Mlops.Core.Data;

/// <summary>How a value is written in its file.</summary>
internal enum CellForm : byte
{
    /// <summary>As it stands: a CSV field, or a JSON number, true or false.</summary>
    Plain,

    /// <summary>A CSV field with doubled quotes inside, not yet undone.</summary>
    Escaped,

    /// <summary>A JSON string: never inferred as a number.</summary>
    JsonText,

    /// <summary>Absent, or JSON null.</summary>
    Missing,

    /// <summary>A JSON object or array.</summary>
    Nested,
}

/// <summary>Where one value lies in the bytes of its row.</summary>
internal readonly record struct Cell(int Start, int Length, CellForm Form);
