using Mlops.Functions.Operations;

namespace Mlops.Functions.Tests.Operations;

public class PrometheusTextTests
{
    [Fact]
    public void Write_EscapesWhatTheFormatReserves()
    {
        MetricFamily family = new MetricFamily("m_total", "counter", "a \\ and\na line").Add(1, ("label", "quote \" backslash \\ line\nend"));
        Assert.Equal("# HELP m_total a \\\\ and\\na line\n# TYPE m_total counter\nm_total{label=\"quote \\\" backslash \\\\ line\\nend\"} 1\n", PrometheusText.Write([family]));
        Scrape.Parse(PrometheusText.Write([family]));
    }

    [Theory]
    [InlineData(0, "0")]
    [InlineData(1.5, "1.5")]
    [InlineData(0.001, "0.001")]
    [InlineData(1e21, "1E+21")]
    [InlineData(double.NaN, "NaN")]
    [InlineData(double.PositiveInfinity, "+Inf")]
    [InlineData(double.NegativeInfinity, "-Inf")]
    public void Number_IsSpelledAsTheFormatWants(double value, string text)
    {
        Assert.Equal(text, PrometheusText.Number(value));
        Scrape.Parse(PrometheusText.Write([new MetricFamily("m", "gauge", "h").Add(value)]));
    }

    [Fact]
    public void Write_LeavesOutFamiliesWithoutSamples() => Assert.Equal(string.Empty, PrometheusText.Write([new MetricFamily("m", "gauge", "h")]));
}
