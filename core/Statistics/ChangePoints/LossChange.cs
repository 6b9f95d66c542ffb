using System.Globalization;
using Mlops.Core.Statistics.Sketches;
using Mlops.Core.Statistics.TwoSample;

namespace Mlops.Core.Statistics.ChangePoints;

/// <summary>How often a model was wrong, or how far off, lately and before, and where the change comes from.</summary>
/// <param name="IsShare">Whether losses are shares of wrong predictions; otherwise mean absolute errors.</param>
/// <param name="ReferenceRows">Rows of the reference whose truth is known.</param>
/// <param name="ReferenceLoss">Their mean loss; NaN without any.</param>
/// <param name="Rows">Rows of the window whose truth is known.</param>
/// <param name="Loss">Their mean loss; NaN without any.</param>
/// <param name="PValue">Welch's p-value of no change; NaN with too few rows.</param>
/// <param name="Summary">The change in one sentence.</param>
/// <param name="Causes">Slices with the largest part in it first, at most ten; empty with too few rows.</param>
public sealed record LossChange(bool IsShare, long ReferenceRows, double ReferenceLoss, long Rows, double Loss, double PValue, string Summary, IReadOnlyList<LossContribution> Causes)
{
    private const int MostCauses = 10;

    /// <summary>Compares the losses of a window with those of the reference, in the same slices.</summary>
    /// <param name="reference">Losses on the rows kept out of training.</param>
    /// <param name="window">Losses of the window.</param>
    /// <param name="alpha">Chance to call a change more than chance when there is none.</param>
    public static LossChange Of(LossProfile reference, LossProfile window, double alpha)
    {
        ArgumentNullException.ThrowIfNull(reference);
        ArgumentNullException.ThrowIfNull(window);
        Moments before = reference.Total, after = window.Total;
        double Mean(Moments moments) => moments.Count > 0 ? moments.Mean : double.NaN;
        if (Math.Min(before.Count, after.Count) < RootCause.FewestRows)
        {
            return new LossChange(
                reference.IsShare, before.Count, Mean(before), after.Count, Mean(after), double.NaN,
                $"The truth is known of {after.Count} predictions of the window and {before.Count} rows kept out of training; {RootCause.FewestRows} each are needed to compare errors.", []);
        }

        // Undefined where neither side has any spread, and yet they differ: that is no chance. Also where a spread is too large for a number: one label beyond all measure proves nothing.
        double tested = WelchT.Test(before, after).PValue, p = !double.IsNaN(tested) ? tested : before.M2 + after.M2 == 0 ? 0 : 1;
        string what = reference.IsShare
            ? string.Create(CultureInfo.InvariantCulture, $"{after.Mean:0.0%} of {after.Count} predictions with a label were wrong, against {before.Mean:0.0%} of {before.Count} rows kept out of training")
            : string.Create(CultureInfo.InvariantCulture, $"{after.Count} predictions with a label were off by {after.Mean:G4} on average, against {before.Mean:G4} on {before.Count} rows kept out of training");
        string verdict = p > alpha ? "chance alone explains the difference" : after.Mean > before.Mean ? "the model has become worse" : "the model has become better";
        return new LossChange(
            reference.IsShare, before.Count, before.Mean, after.Count, after.Mean, p, string.Create(CultureInfo.InvariantCulture, $"{what}: {verdict} (p = {p:G2}, at most {alpha:G2} needed)."), RootCause.Rank(reference, window, MostCauses));
    }
}
