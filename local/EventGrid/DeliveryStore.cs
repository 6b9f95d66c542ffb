using System.Text.Json;

namespace Mlops.Local.EventGrid;

/// <summary>Accepted events that are not delivered yet, one file each: written and flushed before the publisher hears that it is accepted.</summary>
internal sealed class DeliveryStore(string folder)
{
    private const string Extension = ".json";

    public async Task SaveAsync(Delivery delivery)
    {
        Directory.CreateDirectory(folder);
        var path = Path(delivery);
        var temporary = path + ".tmp";
        await using (var file = new FileStream(temporary, FileMode.Create, FileAccess.Write, FileShare.None))
        {
            await JsonSerializer.SerializeAsync(file, delivery);
            file.Flush(flushToDisk: true);
        }

        File.Move(temporary, path, overwrite: true);
    }

    public void Remove(Delivery delivery) => File.Delete(Path(delivery));

    /// <summary>Everything that an earlier process left.</summary>
    public IEnumerable<Delivery> Load()
    {
        if (!Directory.Exists(folder))
        {
            yield break;
        }

        foreach (var path in Directory.GetFiles(folder, "*" + Extension).Order(StringComparer.Ordinal))
        {
            yield return JsonSerializer.Deserialize<Delivery>(File.ReadAllBytes(path)) ?? throw new InvalidDataException($"{path}: is not a kept event. Delete it to go on without the event.");
        }
    }

    private string Path(Delivery delivery) => System.IO.Path.Combine(folder, delivery.Id + Extension);
}
