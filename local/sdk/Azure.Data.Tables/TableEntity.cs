using System.Collections;

namespace Azure.Data.Tables;

/// <summary>An entity whose properties are looked up by name.</summary>
/// <remarks>The keys, <c>Timestamp</c> and <c>odata.etag</c> are entries of the dictionary like any other. A getter answers null for a missing
/// property and throws <see cref="InvalidOperationException"/> for one of another type.</remarks>
public sealed class TableEntity : ITableEntity, IDictionary<string, object>
{
    private readonly Dictionary<string, object> _properties;

    /// <summary>An entity without properties.</summary>
    public TableEntity()
        : this(null)
    {
    }

    /// <summary>An entity with its keys.</summary>
    public TableEntity(string partitionKey, string rowKey)
        : this(null)
    {
        PartitionKey = partitionKey;
        RowKey = rowKey;
    }

    /// <summary>An entity with a copy of these properties.</summary>
    public TableEntity(IDictionary<string, object> values) => _properties = values is null ? [] : new Dictionary<string, object>(values);

    /// <inheritdoc/>
    public string PartitionKey
    {
        get => GetString(EntityJson.PartitionKey);
        set => _properties[EntityJson.PartitionKey] = value;
    }

    /// <inheritdoc/>
    public string RowKey
    {
        get => GetString(EntityJson.RowKey);
        set => _properties[EntityJson.RowKey] = value;
    }

    /// <inheritdoc/>
    public DateTimeOffset? Timestamp
    {
        get => Get<DateTimeOffset?>(EntityJson.Timestamp);
        set => _properties[EntityJson.Timestamp] = value;
    }

    /// <inheritdoc/>
    public ETag ETag
    {
        get => new(GetString(EntityJson.ETag));
        set => _properties[EntityJson.ETag] = value.ToString();
    }

    /// <summary>How many properties there are, the keys included.</summary>
    public int Count => _properties.Count;

    /// <summary>The names of the properties.</summary>
    public ICollection<string> Keys => _properties.Keys;

    ICollection<object> IDictionary<string, object>.Values => _properties.Values;

    bool ICollection<KeyValuePair<string, object>>.IsReadOnly => false;

    /// <summary>A property, or null where it is missing.</summary>
    /// <remarks>Setting an int where a long or double is keeps the wider type, and a date where a string is becomes a string; any other value replaces the old one as it is.</remarks>
    public object this[string key]
    {
        get
        {
            ArgumentException.ThrowIfNullOrEmpty(key);
            return _properties.GetValueOrDefault(key);
        }

        set
        {
            ArgumentException.ThrowIfNullOrEmpty(key);
            _properties[key] = _properties.TryGetValue(key, out var existing) && existing is not null && value is not null ? KeepType(existing, value) : value;
        }
    }

    /// <summary>A property of type string.</summary>
    public string GetString(string key) => Get<string>(key);

    /// <summary>A property of type binary.</summary>
    public BinaryData GetBinaryData(string key) => Get<BinaryData>(key);

    /// <summary>A property of type binary.</summary>
    public byte[] GetBinary(string key) => Get<byte[]>(key);

    /// <summary>A property of type boolean.</summary>
    public bool? GetBoolean(string key) => Get<bool?>(key);

    /// <summary>A property of type date and time, in UTC.</summary>
    public DateTime? GetDateTime(string key) => Get<DateTime?>(key);

    /// <summary>A property of type date and time.</summary>
    public DateTimeOffset? GetDateTimeOffset(string key) => Get<DateTimeOffset?>(key);

    /// <summary>A property of type double.</summary>
    public double? GetDouble(string key) => Get<double?>(key);

    /// <summary>A property of type GUID.</summary>
    public Guid? GetGuid(string key) => Get<Guid?>(key);

    /// <summary>A property of type 32-bit integer.</summary>
    public int? GetInt32(string key) => Get<int?>(key);

    /// <summary>A property of type 64-bit integer.</summary>
    public long? GetInt64(string key) => Get<long?>(key);

    /// <summary>Adds a property.</summary>
    /// <exception cref="ArgumentException">It is there already.</exception>
    public void Add(string key, object value) => _properties.Add(key, value);

    /// <summary>Whether there is such a property.</summary>
    public bool ContainsKey(string key) => _properties.ContainsKey(key);

    /// <summary>Removes a property; false where there was none.</summary>
    public bool Remove(string key) => _properties.Remove(key);

    /// <summary>Gets a property; false where there is none.</summary>
    public bool TryGetValue(string key, out object value) => _properties.TryGetValue(key, out value);

    /// <summary>Removes all properties, the keys included.</summary>
    public void Clear() => _properties.Clear();

    void ICollection<KeyValuePair<string, object>>.Add(KeyValuePair<string, object> item) => this[item.Key] = item.Value;

    bool ICollection<KeyValuePair<string, object>>.Contains(KeyValuePair<string, object> item) => ((ICollection<KeyValuePair<string, object>>)_properties).Contains(item);

    void ICollection<KeyValuePair<string, object>>.CopyTo(KeyValuePair<string, object>[] array, int arrayIndex) => ((ICollection<KeyValuePair<string, object>>)_properties).CopyTo(array, arrayIndex);

    bool ICollection<KeyValuePair<string, object>>.Remove(KeyValuePair<string, object> item) => _properties.Remove(item.Key);

    IEnumerator<KeyValuePair<string, object>> IEnumerable<KeyValuePair<string, object>>.GetEnumerator() => _properties.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => _properties.GetEnumerator();

    private T Get<T>(string key)
    {
        ArgumentException.ThrowIfNullOrEmpty(key);
        if (!_properties.TryGetValue(key, out var value) || value is null)
        {
            return default;
        }

        // One Edm type stands for each of these pairs.
        object converted = value switch
        {
            DateTimeOffset offset when typeof(T) == typeof(DateTime?) => offset.UtcDateTime,
            DateTime time when typeof(T) == typeof(DateTimeOffset?) => new DateTimeOffset(time),
            byte[] bytes when typeof(T) == typeof(BinaryData) => BinaryData.FromBytes(bytes),
            _ => value,
        };
        return converted is T typed
            ? typed
            : throw new InvalidOperationException($"Property '{key}' is of type {value.GetType()}; cannot return it as {typeof(T)}.");
    }

    private static object KeepType(object existing, object value) => (existing, value) switch
    {
        (double, int number) => (double)number,
        (long, int number) => (long)number,
        (string, DateTime or DateTimeOffset) => value.ToString(),
        _ => value,
    };
}
