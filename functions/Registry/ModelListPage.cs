using Mlops.Core.Pages;
using Mlops.Core.Registry;
using Mlops.Core.Traffic;

namespace Mlops.Functions.Registry;

/// <summary>All models as a page.</summary>
internal static class ModelListPage
{
    public static string Render(IReadOnlyList<ModelRecord> models)
    {
        HtmlWriter page = new("Models");
        if (models.Count == 0)
        {
            return page.Append($"<p>There is none yet. Drop a file under data/NAME/ or POST it to /api/data/NAME?name=file.csv.</p>\n").Close();
        }

        page.Head("model", "#versions", "#champion", "since", "on trial");
        foreach (ModelRecord model in models)
        {
            page.Append($"<tr><td><a href=\"/api/models/{model.Model}?format=html\">{model.Model}</a></td><td class=\"n\">{model.Versions.Count}</td><td class=\"n\">{model.Traffic?.Champion}</td><td>{model.ChampionSince:yyyy-MM-dd HH:mm}</td><td>");
            if (model.Traffic is { Mode: not TrafficMode.Champion, Challenger: { } challenger } traffic)
            {
                page.Append($"version {challenger}, {traffic.ChallengerPercent:0.##} % of the keys");
            }

            page.Append($"</td></tr>\n");
        }

        return page.Append($"</table>\n<p><a href=\"/api/costs?format=html\">costs</a> · <a href=\"/api/doctor?format=text\">doctor</a></p>\n").Close();
    }
}
