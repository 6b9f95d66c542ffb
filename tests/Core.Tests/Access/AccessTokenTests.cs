using Mlops.Core.Access;

namespace Mlops.Core.Tests.Access;

public class AccessTokenTests
{
    // Text and hash were computed by Python: base64.urlsafe_b64encode(bytes(range(8, 40))), hashlib.sha256(bytes(range(100, 116)) + bytes(range(8, 40))).
    private const string Text = "mlops_0001020304050607_CAkKCwwNDg8QERITFBUWFxgZGhscHR4fICEiIyQlJic";
    private const string Hash = "937345c81ea7e663d702e5545499a86e1eb277120d17b7258655f069513e071d";
    private static readonly byte[] Salt = [.. Enumerable.Range(100, 16).Select(value => (byte)value)];
    private static readonly AccessToken Token = AccessToken.Of([.. Enumerable.Range(0, 40).Select(value => (byte)value)]);

    [Fact]
    public void Reveal_WritesPrefixIdAndSecret() => Assert.Equal(Text, Token.Reveal());

    [Fact]
    public void Hash_IsSha256OfSaltAndSecret() => Assert.Equal(Hash, Convert.ToHexStringLower(Token.Hash(Salt)));

    [Fact]
    public void TryParse_ReadsWhatRevealWrites()
    {
        Assert.True(AccessToken.TryParse(Text, out AccessToken? token));
        Assert.Equal("0001020304050607", token.Id);
        Assert.True(token.Matches(Salt, Convert.FromHexString(Hash)));
    }

    [Fact]
    public void Matches_OtherSecretSaltOrHash_IsFalse()
    {
        byte[] hash = Token.Hash(Salt);
        byte[] other = [.. Enumerable.Range(0, 40).Select(value => (byte)(value == 39 ? 40 : value))];
        Assert.False(AccessToken.Of(other).Matches(Salt, hash));
        Assert.False(Token.Matches([.. Salt.Reverse()], hash));
        hash[31] ^= 1;
        Assert.False(Token.Matches(Salt, hash));
        Assert.False(Token.Matches([], []));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("mlops_")]
    [InlineData("mlops_0001020304050607_")]
    [InlineData("MLOPS_0001020304050607_CAkKCwwNDg8QERITFBUWFxgZGhscHR4fICEiIyQlJic")]
    [InlineData("mlops_000102030405060G_CAkKCwwNDg8QERITFBUWFxgZGhscHR4fICEiIyQlJic")]
    [InlineData("mlops_000102030405060A_CAkKCwwNDg8QERITFBUWFxgZGhscHR4fICEiIyQlJic")]
    [InlineData("mlops_0001020304050607-CAkKCwwNDg8QERITFBUWFxgZGhscHR4fICEiIyQlJic")]
    [InlineData("mlops_0001020304050607_CAkKCwwNDg8QERITFBUWFxgZGhscHR4fICEiIyQlJicA")]
    [InlineData("mlops_0001020304050607_++++++++++++++++++++++++++++++++++++++++++@")]
    [InlineData("eyJhbGciOiJIUzI1NiJ9.e30.ZRrHA1JJJW8opsbCGfG_HACGpVUMN_a9IV7pAx_Zmeo")]
    public void TryParse_AnythingElse_IsFalse(string? text) => Assert.False(AccessToken.TryParse(text, out _));

    [Fact]
    public void ToString_TellsNothing() => Assert.DoesNotContain("0001", Token.ToString(), StringComparison.Ordinal);

    [Fact]
    public void Of_TooFewBytes_Throws() => Assert.Throws<ArgumentOutOfRangeException>(() => AccessToken.Of(new byte[39]));
}
