#nullable enable
namespace Azure.Data.Tables;

/// <summary>The answer to a read of something that is not there.</summary>
internal sealed class NoValueResponse<T>(Response response) : NullableResponse<T>
{
    public override bool HasValue => false;

    public override T Value => throw new InvalidOperationException($"The response has no value: the service answered {response.Status} {response.ReasonPhrase}. Check HasValue first.");

    public override Response GetRawResponse() => response;
}
