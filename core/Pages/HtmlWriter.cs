using System.Globalization;
using System.Net;
using System.Runtime.CompilerServices;
using System.Text;

namespace Mlops.Core.Pages;

/// <summary>Writes a self-contained page without scripts: what stands in the source is markup, what is put in between is text.</summary>
/// <remarks>Every hole of an interpolated string is encoded, so that no name and no value from data can become markup; numbers and dates are written in the invariant culture.</remarks>
public sealed class HtmlWriter
{
    private const string Style = """
        body{font:15px/1.5 system-ui,sans-serif;max-width:70rem;margin:2rem auto;padding:0 1rem;color:#1b1f24}
        table{border-collapse:collapse;width:100%;margin:.5rem 0 2rem}th,td{text-align:left;vertical-align:top;padding:.35rem .6rem;border-bottom:1px solid #d8dee4}
        th{font-weight:600;background:#f6f8fa}td{overflow-wrap:break-word}.n{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}th.n{white-space:normal}
        small{color:#57606a}a{color:#0b5cad}svg{width:100%;max-width:45rem;height:auto}text{fill:#1b1f24}figure{margin:1.5rem 0}figcaption{font-weight:600}
        td.right{font-weight:600}tr.drifted td{background:#fdf3f1}.verdict{padding:.8rem 1rem;border-radius:.4rem;background:#e8f3ec}.bad{background:#fbe6e3}.unsure{background:#f5f0dc}
        @media(max-width:60rem){table{display:block;overflow-x:auto}}
        @media(prefers-color-scheme:dark){body{background:#0d1117;color:#e6edf3}th{background:#161b22}th,td{border-color:#30363d}small{color:#8b949e}a{color:#6cb6ff}text{fill:#e6edf3}
        tr.drifted td{background:#33201d}.verdict{background:#1e3a2a}.bad{background:#4a211b}.unsure{background:#43391a}}
        """;

    private readonly StringBuilder _html = new();

    /// <summary>Begins a page.</summary>
    /// <param name="title">Its title and first heading.</param>
    public HtmlWriter(string title)
    {
        _html.Append("<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width,initial-scale=1\"><title>");
        Append($"{title}</title><style>");
        _html.Append(Style);
        Append($"</style></head><body>\n<h1>{title}</h1>\n");
    }

    /// <summary>Writes markup with text in its holes.</summary>
    public HtmlWriter Append([InterpolatedStringHandlerArgument("")] ref Handler markup)
    {
        _ = markup;
        return this;
    }

    /// <summary>Begins a table.</summary>
    /// <param name="columns">The heads of its columns; a leading <c>#</c> makes one of numbers.</param>
    public HtmlWriter Head(params ReadOnlySpan<string> columns)
    {
        Append($"<table><tr>");
        foreach (string column in columns)
        {
            if (column.StartsWith('#'))
            {
                Append($"<th class=\"n\">{column[1..]}</th>");
            }
            else
            {
                Append($"<th>{column}</th>");
            }
        }

        return Append($"</tr>\n");
    }

    /// <summary>A number in few digits: three decimals, none from a thousand on, an exponent where these would show nothing.</summary>
    public static string Short(double value) =>
        double.IsNaN(value) ? "–"
            : double.IsInfinity(value) ? (value > 0 ? "∞" : "-∞")
            : value.ToString(Math.Abs(value) is (< 0.001 and > 0) or >= 1e9 ? "0.0e0" : Math.Abs(value) >= 1000 ? "#,0" : "0.###", CultureInfo.InvariantCulture);

    /// <summary>Ends the page and answers it.</summary>
    public string Close() => _html.Append("</body></html>\n").ToString();

    /// <summary>Takes the parts of an interpolated string.</summary>
    [InterpolatedStringHandler]
    public readonly ref struct Handler
    {
        private readonly StringBuilder _html;

        /// <summary>Called by the compiler.</summary>
        public Handler(int literalLength, int formattedCount, HtmlWriter page)
        {
            _ = (literalLength, formattedCount);
            _html = page._html;
        }

        /// <summary>Writes markup.</summary>
        public void AppendLiteral(string markup) => _html.Append(markup);

        /// <summary>Writes text.</summary>
        public void AppendFormatted(string? text) => _html.Append(WebUtility.HtmlEncode(text));

        /// <summary>Writes a value as text; NaN as a dash, because a page's reader is told of what could not be measured by its absence.</summary>
        public void AppendFormatted<T>(T value, string? format = null) => AppendFormatted(value switch
        {
            double.NaN => "–",
            IFormattable formattable => formattable.ToString(format, CultureInfo.InvariantCulture),
            _ => value?.ToString(),
        });
    }
}
