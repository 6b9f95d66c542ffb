using System.Security.Cryptography;
using System.Text;

namespace Azure.Data.Tables;

/// <summary>The name and key of a storage account.</summary>
public class TableSharedKeyCredential
{
    private byte[] _key;

    /// <summary>Takes the account key in base64, as the portal shows it.</summary>
    /// <exception cref="FormatException">The key is not base64.</exception>
    public TableSharedKeyCredential(string accountName, string accountKey)
    {
        ArgumentException.ThrowIfNullOrEmpty(accountName);
        AccountName = accountName;
        SetAccountKey(accountKey);
    }

    /// <summary>The name of the account.</summary>
    public string AccountName { get; }

    /// <summary>Changes the key after it was rotated; takes effect with the next request.</summary>
    public void SetAccountKey(string accountKey)
    {
        ArgumentException.ThrowIfNullOrEmpty(accountKey);
        Volatile.Write(ref _key, Convert.FromBase64String(accountKey));
    }

    /// <summary>HMAC-SHA256 of <paramref name="text"/> in UTF-8 under the key, in base64.</summary>
    internal string Sign(string text) => Convert.ToBase64String(HMACSHA256.HashData(Volatile.Read(ref _key), Encoding.UTF8.GetBytes(text)));
}
