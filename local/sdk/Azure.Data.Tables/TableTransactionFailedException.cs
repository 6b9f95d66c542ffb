using System.Globalization;
using System.Runtime.Serialization;

namespace Azure.Data.Tables;

/// <summary>A transaction was refused as a whole; nothing of it was applied.</summary>
[Serializable]
public class TableTransactionFailedException : RequestFailedException
{
    /// <summary>Wraps what the service answered; the index is the number before the first colon of the service's message.</summary>
    public TableTransactionFailedException(RequestFailedException requestFailedException)
        : base(requestFailedException.Status, requestFailedException.Message, requestFailedException.ErrorCode, requestFailedException)
    {
        var message = requestFailedException.Message;
        var colon = message.IndexOf(':', StringComparison.Ordinal);
        if (colon > 0 && int.TryParse(message.AsSpan(0, colon), NumberStyles.None, CultureInfo.InvariantCulture, out var index))
        {
            FailedTransactionActionIndex = index;
        }
    }

    /// <summary>For serialisation.</summary>
#pragma warning disable SYSLIB0051 // the official type declares it
    protected TableTransactionFailedException(SerializationInfo info, StreamingContext context)
        : base(info, context)
#pragma warning restore SYSLIB0051
    {
    }

    /// <summary>The position of the action that failed in the list given to the transaction, or null where the service did not say.</summary>
    public int? FailedTransactionActionIndex { get; }
}
