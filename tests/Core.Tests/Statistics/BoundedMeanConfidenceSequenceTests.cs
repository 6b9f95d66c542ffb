using Mlops.Core.Statistics.Sequential;
using Mlops.Core.Statistics.Sketches;

namespace Mlops.Core.Tests.Statistics;

public class BoundedMeanConfidenceSequenceTests
{
    [Theory]
    [InlineData("skewed")]
    [InlineData("rare")]
    [InlineData("halves")]
    public void Bounds_LookedAtTimeAndAgain_AreEverExceededNoMoreOftenThanAlpha(string world)
    {
        const int runs = 200, length = 400;
        const double largest = 10, alpha = 0.2;
        Random random = new(3);
        double Draw() => world switch
        {
            "skewed" => Math.Min(largest, Math.Exp(Worlds.Normal(random))),
            "rare" => random.NextDouble() < 0.02 ? largest : 0,
            _ => random.NextDouble() < 0.5 ? 0 : largest,
        };

        // Of the truncated log-normal: E min(X, c) = e^½·Φ(ln c − 1) + c·(1 − Φ(ln c)).
        double mean = world switch { "skewed" => (Math.Exp(0.5) * Core.Statistics.Distributions.Normal.Cdf(Math.Log(largest) - 1)) + (largest * Core.Statistics.Distributions.Normal.Sf(Math.Log(largest))), "rare" => 0.2, _ => 5 };
        int tooHigh = 0, tooLow = 0;
        for (int run = 0; run < runs; run++)
        {
            Moments seen = default;
            bool above = false, below = false;
            for (int i = 0; i < length; i++)
            {
                seen = seen.Merge(new Moments(1, Draw(), 0, 0, 0));
                if (i % 20 != 0)
                {
                    continue;
                }

                (double lower, double upper) = BoundedMeanConfidenceSequence.Bounds(seen, largest, alpha);
                above |= lower > mean;
                below |= upper < mean;
            }

            tooHigh += above ? 1 : 0;
            tooLow += below ? 1 : 0;
        }

        // α/2 of 200 is 20; 99.9 % of binomial samples stay at or below 34.
        Assert.InRange(tooHigh, 0, 34);
        Assert.InRange(tooLow, 0, 34);
    }

    [Fact]
    public void Bounds_OfManyValues_AreNearlyAsNarrowAsOfNormalOnes()
    {
        Moments Of(int n) => Moments.Of([.. Worlds.Numbers("uniform", n, 1)]);
        foreach ((int n, double times) in new[] { (1000, 1.5), (100_000, 1.25) })
        {
            Moments values = Of(n);
            (double lower, double upper) = BoundedMeanConfidenceSequence.Bounds(values, 1, 0.05);
            double normal = MeanConfidenceSequence.HalfWidth(Math.Sqrt(values.Variance / n), 0.05, 0.05);
            Assert.InRange((upper - lower) / 2 / normal, 0.8, times);
            Assert.InRange(values.Mean, lower, upper);
        }
    }

    [Fact]
    public void Bounds_OfEqualOrNoValues_AreDefined()
    {
        Assert.Equal((0, 7), BoundedMeanConfidenceSequence.Bounds(default, 7, 0.05));

        // Nothing but zeros: a value of 7 in every hundred would have shown with chance 1 − 0.99^n.
        (double lower, double upper) = BoundedMeanConfidenceSequence.Bounds(new Moments(1000, 0, 0, 0, 0), 7, 0.05);
        Assert.Equal(0, lower);
        Assert.InRange(upper, 0.0, 0.1);
        Assert.Equal(7, BoundedMeanConfidenceSequence.Bounds(new Moments(1000, 7, 0, 0, 0), 7, 0.05).Upper);
        Assert.Equal((0, 7), BoundedMeanConfidenceSequence.Bounds(new Moments(1, 3, 0, 0, 0), 7, 0.05));
        Assert.Throws<ArgumentException>(() => BoundedMeanConfidenceSequence.Bounds(new Moments(3, 8, 0, 0, 0), 7, 0.05));
        Assert.Throws<ArgumentOutOfRangeException>(() => BoundedMeanConfidenceSequence.Bounds(default, 0, 0.05));
    }
}
