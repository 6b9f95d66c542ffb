namespace Microsoft.DurableTask;

/// <summary>Turns inputs, outputs, events and custom statuses into text and back.</summary>
public abstract class DataConverter
{
    /// <summary>The value as text; null for null.</summary>
    public abstract string? Serialize(object? value);

    /// <summary>The value in the text; null for null.</summary>
    public abstract object? Deserialize(string? data, Type targetType);

    /// <summary>The value in the text; the type's default for null.</summary>
    public virtual T? Deserialize<T>(string? data) => data is null ? default : (T?)Deserialize(data, typeof(T));
}
