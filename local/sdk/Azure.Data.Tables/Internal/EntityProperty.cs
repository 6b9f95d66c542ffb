#nullable enable
using System.Collections.Concurrent;
using System.Reflection;
using System.Runtime.Serialization;

namespace Azure.Data.Tables;

/// <summary>A property of a typed entity and its name in the table.</summary>
internal sealed record EntityProperty(string Name, PropertyInfo Info)
{
    private static readonly ConcurrentDictionary<Type, EntityProperty[]> s_models = new();

    /// <summary>The properties of an entity type that a table can hold, the keys, timestamp and ETag excluded.</summary>
    internal static IReadOnlyList<EntityProperty> Of(Type entity) => s_models.GetOrAdd(entity, static type =>
    [
        .. from property in type.GetProperties(BindingFlags.Public | BindingFlags.Instance)
           where property.CanRead && property.GetMethod!.IsPublic && property.GetIndexParameters().Length == 0
           where !property.IsDefined(typeof(IgnoreDataMemberAttribute))
           let name = NameOf(property)
           where name is not (EntityJson.PartitionKey or EntityJson.RowKey or EntityJson.Timestamp or nameof(ITableEntity.ETag))
           select new EntityProperty(name, property)
    ]);

    /// <summary>The name in the table: that of <see cref="DataMemberAttribute"/>, or the property's own.</summary>
    internal static string NameOf(MemberInfo property) => property.GetCustomAttribute<DataMemberAttribute>()?.Name ?? property.Name;
}
