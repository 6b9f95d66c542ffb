using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Mlops.Functions.Hosting;

namespace Mlops.Functions.Tests.Hosting;

public class ReadJsonTests
{
    [Theory]
    [InlineData("""{"key": "\ud800"}""", "surrogate")]
    [InlineData("""{"\udc00": 1}""", "surrogate")]
    [InlineData("""{"rows": [{"plan": "\udc00\ud800"}]}""", "surrogate")]
    [InlineData("{\"key\": \"x", "JSON")]
    [InlineData("""{"key": 1, "key": 2}""", "key")]
    [InlineData("""{"rows": [{"a": 1, "\u0061": 2}]}""", "a")]
    [InlineData("""{"key": NaN}""", "JSON")]
    [InlineData("""{"key": 1} {"key": 2}""", "JSON")]
    [InlineData("""{"key": 1,}""", "JSON")]
    [InlineData("""{"key": /* 1 */ 2}""", "JSON")]
    [InlineData("", "JSON")]
    public async Task ReadDocumentAsync_TextThatIsNone_IsABadRequest(string body, string named)
    {
        (JsonDocument? document, int status, string detail) = await ReadAsync(Encoding.UTF8.GetBytes(body), 1_000);
        Assert.Null(document);
        Assert.Equal(StatusCodes.Status400BadRequest, status);
        Assert.Contains(named, detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ReadDocumentAsync_BytesThatAreNotUtf8_IsABadRequest()
    {
        (JsonDocument? document, int status, string detail) = await ReadAsync([.. "{\"key\": \""u8, 0xFF, .. "\"}"u8], 1_000);
        Assert.Null(document);
        Assert.Equal(StatusCodes.Status400BadRequest, status);
        Assert.Contains("UTF-8", detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ReadDocumentAsync_EscapedPair_IsTheCharacter()
    {
        (JsonDocument? document, _, _) = await ReadAsync("""{"key": "\ud83d\ude00 \u0000"}"""u8.ToArray(), 1_000);
        using (document)
        {
            Assert.Equal("\U0001F600 \0", document!.RootElement.GetProperty("key").GetString());
        }
    }

    [Fact]
    public async Task ReadDocumentAsync_TooManyBytesOrLevels_AreRefused()
    {
        Assert.Equal(StatusCodes.Status413PayloadTooLarge, (await ReadAsync(new byte[1_001], 1_000)).Status);
        Assert.Equal(StatusCodes.Status400BadRequest, (await ReadAsync(Encoding.UTF8.GetBytes(new string('[', 33) + new string(']', 33)), 1_000)).Status);
    }

    [Fact]
    public async Task ReadDocumentAsync_TooManyValues_AreRefused()
    {
        byte[] body = Encoding.UTF8.GetBytes($"[{string.Concat(Enumerable.Repeat("0,", JsonText.MaximumTokens))}0]");
        (_, int status, string detail) = await ReadAsync(body, body.Length);
        Assert.Equal(StatusCodes.Status400BadRequest, status);
        Assert.Contains("4000000", detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("application/json", 200)]
    [InlineData("application/json; charset=utf-8", 200)]
    [InlineData("application/problem+json", 200)]
    [InlineData("application/x-www-form-urlencoded", 200)]
    [InlineData(null, 200)]
    [InlineData("application/json; charset=utf-16", 415)]
    [InlineData("application/xml", 415)]
    [InlineData("multipart/form-data; boundary=x", 415)]
    [InlineData("text/html", 415)]
    [InlineData("nonsense", 415)]
    public async Task ReadDocumentAsync_OtherContentTypes_AreRefused(string? contentType, int expected)
    {
        DefaultHttpContext context = new();
        context.Request.Body = new MemoryStream("{}"u8.ToArray());
        context.Request.ContentType = contentType;
        Assert.Equal(expected, (await Api.ReadDocumentAsync(context.Request, 100, CancellationToken.None)).Status);
    }

    private static Task<(JsonDocument? Document, int Status, string Detail)> ReadAsync(byte[] body, int maximumBytes)
    {
        DefaultHttpContext context = new();
        context.Request.Body = new MemoryStream(body);
        return Api.ReadDocumentAsync(context.Request, maximumBytes, CancellationToken.None);
    }
}
