using Mlops.Core.Data;

namespace Mlops.Core.Tests.Data;

public class NameTests
{
    [Theory]
    [InlineData("a")]
    [InlineData("7")]
    [InlineData("churn-eu")]
    [InlineData("a--b")]
    [InlineData("a2345678901234567890123456789012345678901234567890")]
    public void ModelName_Allowed_IsTaken(string text)
    {
        Assert.True(ModelName.TryParse(text, out ModelName name, out string? error));
        Assert.Null(error);
        Assert.Equal(text, name.Value);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("-a")]
    [InlineData("a-")]
    [InlineData("-")]
    [InlineData("A")]
    [InlineData("a_b")]
    [InlineData("a.b")]
    [InlineData("../a")]
    [InlineData("a/b")]
    [InlineData("%2e%2e")]
    [InlineData("a b")]
    [InlineData("a\n")]
    [InlineData("é")]
    [InlineData("😀")]
    [InlineData("а")]
    [InlineData("a23456789012345678901234567890123456789012345678901")]
    public void ModelName_NotAllowed_IsRefusedWithAReason(string? text)
    {
        Assert.False(ModelName.TryParse(text, out _, out string? error));
        Assert.Contains("expected 1 to 50", error);
        Assert.Equal(error, Assert.Throws<FormatException>(() => ModelName.Parse(text!)).Message);
    }

    [Fact]
    public void ModelName_LongHostileText_IsCutInTheReason()
    {
        Assert.False(ModelName.TryParse(string.Concat(Enumerable.Repeat("😀", 150)), out _, out string? error));
        Assert.True(error!.Length < 300, error);
        Assert.Contains("300 characters", error);
    }

    [Fact]
    public void ModelName_Default_ThrowsOnUse() => Assert.Throws<InvalidOperationException>(() => default(ModelName).Value);

    [Theory]
    [InlineData("data/churn/2026-01.csv", "2026-01.csv", BatchFormat.Csv)]
    [InlineData("data/churn/2026/01/Part_1.CSV.GZ", "2026/01/Part_1.CSV.GZ", BatchFormat.CsvGzip)]
    [InlineData("data/churn/a.jsonl", "a.jsonl", BatchFormat.JsonLines)]
    [InlineData("data/churn/a.ndjson", "a.ndjson", BatchFormat.JsonLines)]
    [InlineData("data/churn/a.jsonl.gz", "a.jsonl.gz", BatchFormat.JsonLinesGzip)]
    [InlineData("data/churn/a.ndjson.gz", "a.ndjson.gz", BatchFormat.JsonLinesGzip)]
    [InlineData("data/churn/sub/model.yaml.csv", "sub/model.yaml.csv", BatchFormat.Csv)]
    public void BatchPath_Allowed_IsTaken(string blob, string name, BatchFormat format)
    {
        Assert.True(BatchPath.TryParse(blob, out BatchPath? path, out _));
        Assert.Equal(new BatchPath(ModelName.Parse("churn"), name, format), path);
        Assert.Equal(blob, path.BlobName);
        Assert.False(BatchPath.IsConfiguration(blob, out _));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("data/")]
    [InlineData("data/churn")]
    [InlineData("data/churn/")]
    [InlineData("Data/churn/a.csv")]
    [InlineData("/data/churn/a.csv")]
    [InlineData("other/churn/a.csv")]
    [InlineData("data//a.csv")]
    [InlineData("data/Churn/a.csv")]
    [InlineData("data/../secret/a.csv")]
    [InlineData("data/churn/../x/a.csv")]
    [InlineData("data/churn/a/../../x.csv")]
    [InlineData("data/churn/..csv")]
    [InlineData("data/churn/a..csv")]
    [InlineData("data/churn/.hidden.csv")]
    [InlineData("data/churn/./a.csv")]
    [InlineData("data/churn//a.csv")]
    [InlineData("data/churn/a.csv/")]
    [InlineData("data/churn/%2e%2e/a.csv")]
    [InlineData("data/churn/a%00.csv")]
    [InlineData("data/churn/a\\b.csv")]
    [InlineData("data/churn/a b.csv")]
    [InlineData("data/churn/a\0.csv")]
    [InlineData("data/churn/😀.csv")]
    [InlineData("data/churn/a.parquet")]
    [InlineData("data/churn/csv")]
    [InlineData("data/churn/model.yaml")]
    public void BatchPath_NotAllowed_IsRefusedWithAReason(string? blob)
    {
        Assert.False(BatchPath.TryParse(blob, out _, out string? error));
        Assert.NotEmpty(error);
    }

    [Fact]
    public void BatchPath_ThreeHundredCharacters_IsRefusedAndCut()
    {
        Assert.False(BatchPath.TryParse("data/churn/" + new string('x', 300) + ".csv", out _, out string? error));
        Assert.Contains("304 characters", error);
        Assert.True(error.Length < 250, error);
    }

    [Theory]
    [InlineData("data/churn/model.yaml", true)]
    [InlineData("data/churn/model.yml", false)]
    [InlineData("data/churn/sub/model.yaml", false)]
    [InlineData("data/Churn/model.yaml", false)]
    [InlineData("model.yaml", false)]
    public void IsConfiguration_OnlyBesideTheBatches(string blob, bool expected) => Assert.Equal(expected, BatchPath.IsConfiguration(blob, out _));

    [Theory]
    [InlineData("plain", "plain")]
    [InlineData("a\nb\u0000c\u202Ed", "a?b?c?d")]
    public void Excerpt_OfText_IsOneCleanLine(string text, string expected) => Assert.Equal(expected, Excerpt.Of(text));

    [Fact]
    public void Excerpt_OfHalfASurrogatePair_IsCleaned() => Assert.Equal("?x", Excerpt.Of("\ud800x"));

    [Fact]
    public void Excerpt_OfLongUtf8_IsCut()
    {
        Assert.Equal(new string('x', 64) + "…", Excerpt.OfUtf8("x"u8.ToArray().Concat(Enumerable.Repeat((byte)'x', 100_000)).ToArray()));
        Assert.Equal("?(", Excerpt.OfUtf8([0xC3, 0x28]));
    }
}
