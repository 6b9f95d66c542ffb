namespace Mlops.Core.Traffic;

/// <summary>
/// From the canary rule's verdict to the next move. Harm takes a canary back at once; more traffic needs both the time of the step and the proof
/// that the canary is no worse. Without traffic there is no proof, so the rollout waits.
/// </summary>
public static class RolloutRules
{
    /// <summary>The next move.</summary>
    /// <param name="verdict">The canary rule's verdict on the present step.</param>
    /// <param name="step">The present step, from 0.</param>
    /// <param name="steps">Steps in all.</param>
    /// <param name="baked">Whether the step has lasted its time.</param>
    public static RolloutMove Next(CanaryVerdict verdict, int step, int steps, bool baked) => verdict switch
    {
        CanaryVerdict.Rollback => RolloutMove.Withdraw,
        CanaryVerdict.Promote when baked => step + 1 < steps ? RolloutMove.Advance : RolloutMove.Promote,
        _ => RolloutMove.Wait,
    };

    /// <summary>How long to wait before the first look of a step: harm is taken back at once, however long the step is to last.</summary>
    /// <param name="bake">How long the step lasts at least.</param>
    public static TimeSpan FirstLookAfter(TimeSpan bake) => bake < LookAgainAfter(0) ? bake : LookAgainAfter(0);

    /// <summary>How long to wait before the next look: soon at first, then at most every five minutes, as every look costs a few reads.</summary>
    /// <param name="looks">Looks in this step so far.</param>
    public static TimeSpan LookAgainAfter(int looks) => TimeSpan.FromSeconds(Math.Min(300, 2 * Math.Pow(1.5, Math.Clamp(looks, 0, 20))));
}
