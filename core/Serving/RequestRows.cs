using System.Globalization;
using System.Text.Json;
using Mlops.Core.Data;
using Mlops.Core.Learning.Forecasting;

namespace Mlops.Core.Serving;

/// <summary>Reads the rows of a request into what a model scores: the rows themselves, or for a forecast the next steps of every series that the rows are the history of.</summary>
public static class RequestRows
{
    /// <summary>Reads rows.</summary>
    /// <param name="rows">A JSON array of objects with the columns of <see cref="ModelSignature.Asked"/>.</param>
    /// <param name="signature">What the model takes.</param>
    /// <param name="maximumRows">Rows sent at most.</param>
    /// <param name="maximumScored">Rows scored at most: of a forecast, series × steps ahead.</param>
    /// <returns>The table to score when there is no problem, else the problems.</returns>
    public static (DataTable? Table, IReadOnlyList<string> Problems) Read(JsonElement rows, ModelSignature signature, int maximumRows, int maximumScored)
    {
        ArgumentNullException.ThrowIfNull(signature);
        if (signature.Forecast is not { } plan)
        {
            return RowReader.Read(rows, signature, Math.Min(maximumRows, maximumScored));
        }

        (DataTable? history, IReadOnlyList<string> problems) = RowReader.Read(rows, signature with { Inputs = signature.Asked, Target = string.Empty }, maximumRows);
        if (history is null)
        {
            return (null, problems);
        }

        int series = Enumerable.Range(0, history.RowCount)
            .Where(row => !history[plan.Target].IsMissing(row) && !history[plan.Time].IsMissing(row))
            .Select(row => plan.Series is null ? string.Empty : history[plan.Series].Text(row))
            .Where(name => name is not null)
            .Distinct()
            .Count();
        long scored = (long)series * plan.Horizon;
        return scored == 0
            ? (null, [$"rows: no row has a known time{(plan.Series is null ? string.Empty : ", series")} and value; expected the newest rows of each series, the more, up to {ForecastFrame.Reach(plan)}, the better the forecast."])
            : scored > maximumScored
                ? (null, [string.Create(CultureInfo.InvariantCulture, $"rows: found {series} series, which make {scored} forecasts of {plan.Horizon} steps each; expected at most {maximumScored}. Ask for fewer series at a time.")])
                : (ForecastFrame.Next(history, plan), []);
    }
}
