using System.Globalization;
using Mlops.Core.Pages;

namespace Mlops.Core.Tests.Pages;

public sealed class HtmlWriterTests
{
    private const string Hostile = "<script>alert(\"1\")</script>&'";

    [Fact]
    public void Append_TextInAHole_IsEncoded_MarkupAroundItIsNot()
    {
        string page = new HtmlWriter(Hostile).Append($"<p class=\"{Hostile}\">{Hostile}</p>").Head(Hostile, "#" + Hostile).Close();
        Assert.DoesNotContain("<script", page, StringComparison.Ordinal);
        Assert.Equal(6, page.Split("&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;&amp;&#39;").Length - 1);
        Assert.Contains("<p class=\"&lt;", page, StringComparison.Ordinal);
    }

    [Fact]
    public void Append_NumbersAndDates_AreInvariant_WhateverTheCulture()
    {
        CultureInfo before = CultureInfo.CurrentCulture;
        try
        {
            CultureInfo.CurrentCulture = new CultureInfo("") { NumberFormat = { NumberDecimalSeparator = ",", NumberGroupSeparator = "." } };
            Assert.Contains("1,234.5|0.5|–|2026-01-02||7", new HtmlWriter("t").Append($"{1234.5:N1}|{0.5}|{double.NaN}|{new DateTime(2026, 1, 2):yyyy-MM-dd}|{(int?)null}|{(int?)7}").Close(), StringComparison.Ordinal);
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [Theory]
    [InlineData(double.NaN, "–")]
    [InlineData(0, "0")]
    [InlineData(1234.5678, "1,235")]
    [InlineData(12.34567, "12.346")]
    [InlineData(-0.5, "-0.5")]
    [InlineData(0.000012, "1.2e-5")]
    [InlineData(3e12, "3.0e12")]
    [InlineData(double.PositiveInfinity, "∞")]
    public void Short_OfANumber_SaysSomethingInFewDigits(double value, string expected) => Assert.Equal(expected, HtmlWriter.Short(value));

    [Fact]
    public void Charts_OfNothingOfZerosAndOfNaN_AreDrawn()
    {
        HtmlWriter page = new("charts");
        Charts.Bars(page, "none", []);
        Charts.Bars(page, "zeros", [("a", 0, "0"), ("b", 0, "0")]);
        Charts.PairedBars(page, "none", []);
        Charts.Lines(page, "none", ["p"], 1, []);
        Charts.Lines(page, "one point", ["p"], 1, [("line", [3])]);
        Charts.Lines(page, "a gap", ["p", "q", "r"], 3, [("line", [1, double.NaN, 2])]);
        Charts.Lines(page, "categories", ["p", "q"], 0, [("line", [1, 2])]);
        string html = page.Close();
        Assert.DoesNotContain("NaN", html, StringComparison.Ordinal);
        Assert.DoesNotContain("∞", html, StringComparison.Ordinal);
        Assert.DoesNotContain("<line", html, StringComparison.Ordinal);
        Charts.Lines(page, "numbers, then missing", ["1", "2", "missing"], 2, [("line", [1, 2, 3])]);
        Assert.Equal(1, page.Close().Split("<line").Length - 1);
        Assert.Equal(5, html.Split("<circle").Length - 1);
    }
}
