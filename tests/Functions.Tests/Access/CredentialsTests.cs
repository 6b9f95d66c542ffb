using System.Text;
using Microsoft.AspNetCore.Http;
using Mlops.Core.Access;
using Mlops.Functions.Access;

namespace Mlops.Functions.Tests.Access;

public class CredentialsTests
{
    private static readonly AccessToken Token = AccessToken.Of([.. Enumerable.Range(0, 40).Select(value => (byte)value)]);

    [Fact]
    public void Of_Bearer_IsTheToken()
    {
        Assert.Equal(Token.Id, Of($"Bearer {Token.Reveal()}").Token?.Id);
        Assert.Equal(Token.Id, Of($"bearer {Token.Reveal()}").Token?.Id);
        Assert.False(Of($"Bearer {Token.Reveal()}").ByBrowser);
    }

    [Theory]
    [InlineData("")]
    [InlineData("token")]
    [InlineData("somebody@example.org")]
    public void Of_Basic_IsThePasswordOfAnyUser(string user)
    {
        Credentials shown = Of(Basic($"{user}:{Token.Reveal()}"));
        Assert.Equal(Token.Id, shown.Token?.Id);
        Assert.True(shown.ByBrowser);
    }

    [Fact]
    public void Of_Nothing_ShowsNothing() => Assert.Equal(new Credentials(false, null, true), Of());

    public static TheoryData<string> Worthless =>
    [
        "Bearer", "Bearer ", "Basic", "Basic !!!", Basic("no colon"), Basic($"{Token.Reveal()}:"), $"Digest {Token.Reveal()}", $"Bearer {Token.Reveal()} {Token.Reveal()}",
        $"Bearer {new string('a', 2000)}", Basic($"user:{new string('a', 2000)}"), "\u0000", "Bearer eyJhbGciOiJub25lIn0.e30.",
    ];

    [Theory]
    [MemberData(nameof(Worthless))]
    public void Of_AnythingElse_IsShownAndNoToken(string header)
    {
        Credentials shown = Of(header);
        Assert.True(shown.IsShown);
        Assert.Null(shown.Token);
    }

    [Fact]
    public void Of_TwoHeaders_IsNoToken() => Assert.Null(Of($"Bearer {Token.Reveal()}", $"Bearer {Token.Reveal()}").Token);

    private static string Basic(string pair) => $"Basic {Convert.ToBase64String(Encoding.UTF8.GetBytes(pair))}";

    private static Credentials Of(params string[] headers)
    {
        DefaultHttpContext http = new();
        if (headers.Length > 0)
        {
            http.Request.Headers.Authorization = headers;
        }

        return Credentials.Of(http.Request);
    }
}
