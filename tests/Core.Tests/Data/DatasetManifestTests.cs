using System.Security.Cryptography;
using System.Text;
using Mlops.Core.Data;

namespace Mlops.Core.Tests.Data;

public class DatasetManifestTests
{
    private static readonly DatasetFile _a = File("a");
    private static readonly DatasetFile _b = File("b");

    [Fact]
    public void Id_IsTheHashOfTheCanonicalText()
    {
        string[] lines = [.. new[] { _a, _b }.Select(f => $"{f.Sha256} Csv {f.Bytes}").Order(StringComparer.Ordinal)];
        string expected = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"dataset 1\nchurn\n{lines[0]}\n{lines[1]}\n")));
        Assert.Equal("ds-" + expected[..20], new DatasetManifest("churn", [_a, _b]).Id);
    }

    [Fact]
    public void Id_SameBytesInAnyOrderPlaceOrNumber_IsTheSame()
    {
        string id = new DatasetManifest("churn", [_a, _b]).Id;
        Assert.Equal(id, new DatasetManifest("churn", [_b, _a]).Id);
        Assert.Equal(id, new DatasetManifest("churn", [_b, _a with { Blob = "elsewhere", Rows = 7 }]).Id);
        Assert.Equal(id, new DatasetManifest("churn", [_b, _a, _a with { Blob = "again" }]).Id);
    }

    [Fact]
    public void Id_OtherModelFormatBytesOrFiles_Differs()
    {
        string id = new DatasetManifest("churn", [_a]).Id;
        Assert.NotEqual(id, new DatasetManifest("churn2", [_a]).Id);
        Assert.NotEqual(id, new DatasetManifest("churn", [_b]).Id);
        Assert.NotEqual(id, new DatasetManifest("churn", [_a, _b]).Id);
        Assert.NotEqual(id, new DatasetManifest("churn", [_a with { Format = BatchFormat.JsonLines }]).Id);
    }

    [Fact]
    public void Files_OfEqualContent_CountOnce() => Assert.Equal(10, new DatasetManifest("churn", [_a, _a with { Blob = "again" }]).Rows);

    [Fact]
    public void Json_RoundTrip_IsTheSameManifest()
    {
        DatasetManifest manifest = new("churn", [_a, _b]);
        DatasetManifest read = DatasetManifest.FromJson(manifest.ToJson());
        Assert.Equal(manifest, read);
        Assert.Equal(manifest.Files, read.Files);
        Assert.Equal(20, read.Rows);
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("{\"model\":\"a\",\"files\":[]}")]
    [InlineData("{\"model\":\"a\",\"files\":[{\"blob\":\"x\",\"format\":\"csv\",\"sha256\":\"zz\",\"bytes\":1,\"rows\":1}]}")]
    [InlineData("{\"model\":\"a\",\"files\":[{\"blob\":\"x\",\"format\":\"exe\",\"sha256\":\"zz\",\"bytes\":1,\"rows\":1}]}")]
    [InlineData("{\"model\":\"a\",\"other\":1}")]
    public void FromJson_SomethingElse_Throws(string json) => Assert.Throws<FormatException>(() => DatasetManifest.FromJson(json));

    private static DatasetFile File(string content) =>
        new($"datasets/{content}.csv", BatchFormat.Csv, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(content))), content.Length, 10);
}
