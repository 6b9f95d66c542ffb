using Mlops.Core.Data;

namespace Mlops.Core.Pages;

/// <summary>Draws figures of a page.</summary>
public static class Charts
{
    private const int LabelLength = 28;

    // Told apart by people who do not see red and green alike (Okabe and Ito).
    private static readonly string[] _colours = ["#0072b2", "#e69f00", "#009e73", "#cc79a7", "#d55e00", "#56b4e9", "#8f8f8f", "#b8a600"];

    /// <summary>The most lines that can be told apart in one chart.</summary>
    public static int MaximumLines => _colours.Length;

    /// <summary>One horizontal bar per entry.</summary>
    /// <param name="page">The page.</param>
    /// <param name="caption">What it shows.</param>
    /// <param name="bars">Label, length ≥ 0 and what stands behind the bar.</param>
    public static void Bars(HtmlWriter page, string caption, IReadOnlyList<(string Label, double Length, string Note)> bars)
    {
        ArgumentNullException.ThrowIfNull(page);
        double largest = Math.Max(1e-9, bars.Select(bar => bar.Length).DefaultIfEmpty(0).Max());
        page.Append($"<figure><figcaption>{caption}</figcaption><svg viewBox=\"-40 0 860 {bars.Count * 22}\" role=\"img\" aria-label=\"{caption}\">\n");
        for (int i = 0; i < bars.Count; i++)
        {
            int y = 22 * i;
            page.Append($"<text x=\"190\" y=\"{y + 14}\" font-size=\"11\" text-anchor=\"end\">{Cut(bars[i].Label)}</text>")
                .Append($"<rect x=\"200\" y=\"{y + 4}\" width=\"{bars[i].Length / largest * 360:0.#}\" height=\"12\" fill=\"{_colours[0]}\"/>")
                .Append($"<text x=\"570\" y=\"{y + 14}\" font-size=\"10\">{bars[i].Note}</text>\n");
        }

        page.Append($"</svg></figure>\n");
    }

    /// <summary>Two bars per entry, reference above window.</summary>
    /// <param name="page">The page.</param>
    /// <param name="caption">What it shows.</param>
    /// <param name="bars">Label and the two shares, 0 … 1.</param>
    public static void PairedBars(HtmlWriter page, string caption, IReadOnlyList<(string Label, double Reference, double Window)> bars)
    {
        ArgumentNullException.ThrowIfNull(page);
        double largest = Math.Max(1e-9, bars.Select(bar => Math.Max(bar.Reference, bar.Window)).DefaultIfEmpty(0).Max());
        page.Append($"<figure><figcaption>{caption}</figcaption><svg viewBox=\"-40 0 720 {20 + (26 * bars.Count)}\" role=\"img\" aria-label=\"Shares of {caption}: reference grey, window blue\">")
            .Append($"<text x=\"200\" y=\"12\" font-size=\"11\">reference (grey) and window (blue)</text>\n");
        for (int i = 0; i < bars.Count; i++)
        {
            (string label, double reference, double window) = bars[i];
            int y = 20 + (26 * i);
            page.Append($"<text x=\"190\" y=\"{y + 15}\" font-size=\"11\" text-anchor=\"end\">{Cut(label)}</text>")
                .Append($"<rect x=\"200\" y=\"{y}\" width=\"{reference / largest * 360:0.#}\" height=\"10\" fill=\"#999\"/>")
                .Append($"<rect x=\"200\" y=\"{y + 11}\" width=\"{window / largest * 360:0.#}\" height=\"10\" fill=\"{_colours[0]}\"/>")
                .Append($"<text x=\"570\" y=\"{y + 15}\" font-size=\"10\">{reference:0.0%} → {window:0.0%}</text>\n");
        }

        page.Append($"</svg></figure>\n");
    }

    /// <summary>Values at common points, evenly spaced, and lines between neighbours on a scale; a value that is not finite interrupts its line.</summary>
    /// <param name="page">The page.</param>
    /// <param name="caption">What it shows.</param>
    /// <param name="points">The labels of the points, ≥ 1.</param>
    /// <param name="scale">So many points, the first, lie on a scale and are joined; categories are not.</param>
    /// <param name="lines">At most <see cref="MaximumLines"/> lines, one value per point each.</param>
    public static void Lines(HtmlWriter page, string caption, IReadOnlyList<string> points, int scale, IReadOnlyList<(string Name, IReadOnlyList<double> Values)> lines)
    {
        ArgumentNullException.ThrowIfNull(page);
        const int Left = 70, Width = 560, Top = 8, Height = 150;
        double[] values = [.. lines.SelectMany(line => line.Values).Where(double.IsFinite)];
        double low = values.DefaultIfEmpty(0).Min();
        double range = Math.Max(values.DefaultIfEmpty(0).Max() - low, 1e-12);
        page.Append($"<figure><figcaption>{caption}</figcaption><svg viewBox=\"0 0 680 {Top + Height + 40 + (16 * lines.Count)}\" role=\"img\" aria-label=\"{caption}\">\n")
            .Append($"<rect x=\"{Left}\" y=\"{Top}\" width=\"{Width}\" height=\"{Height}\" fill=\"none\" stroke=\"#999\"/>")
            .Append($"<text x=\"{Left - 6}\" y=\"{Top + 10}\" font-size=\"10\" text-anchor=\"end\">{low + range:G3}</text><text x=\"{Left - 6}\" y=\"{Top + Height}\" font-size=\"10\" text-anchor=\"end\">{low:G3}</text>\n");
        for (int i = 0; i < points.Count; i++)
        {
            page.Append($"<text x=\"{X(i):0.#}\" y=\"{Top + Height + 14 + (i % 2 * 12)}\" font-size=\"9\" text-anchor=\"middle\">{Cut(points[i], 14)}</text>");
        }

        for (int i = 0; i < lines.Count; i++)
        {
            string colour = _colours[i % _colours.Length];
            for (int j = 0; j < points.Count; j++)
            {
                if (!double.IsFinite(lines[i].Values[j]))
                {
                    continue;
                }

                page.Append($"<circle cx=\"{X(j):0.#}\" cy=\"{Y(lines[i].Values[j]):0.#}\" r=\"2.5\" fill=\"{colour}\"/>");
                if (j > 0 && j < scale && double.IsFinite(lines[i].Values[j - 1]))
                {
                    page.Append($"<line x1=\"{X(j - 1):0.#}\" y1=\"{Y(lines[i].Values[j - 1]):0.#}\" x2=\"{X(j):0.#}\" y2=\"{Y(lines[i].Values[j]):0.#}\" stroke=\"{colour}\" stroke-width=\"1.5\"/>");
                }
            }

            int y = Top + Height + 44 + (16 * i);
            page.Append($"<rect x=\"{Left}\" y=\"{y - 8}\" width=\"12\" height=\"8\" fill=\"{colour}\"/><text x=\"{Left + 18}\" y=\"{y}\" font-size=\"11\">{Cut(lines[i].Name, 80)}</text>\n");
        }

        page.Append($"</svg></figure>\n");

        double X(int point) => points.Count == 1 ? Left + (Width / 2.0) : Left + 20 + ((Width - 40.0) * point / (points.Count - 1));
        double Y(double value) => Top + 6 + ((Height - 12) * (1 - ((value - low) / range)));
    }

    private static string Cut(string text, int length = LabelLength) => Excerpt.Of(text, length - 1);
}
