namespace Mlops.Core.Learning.Search;

/// <summary>Tree-structured Parzen estimator (J. Bergstra et al., "Algorithms for Hyper-Parameter Optimization", 2011).</summary>
/// <remarks>The told trials are split into the best 15 % (at least one, at most 25) and the rest. For each parameter by itself a mixture of
/// normals, cut to the range, is laid over each part, with a broad one as prior; of 24 draws from the good mixture the one with the highest ratio good : rest
/// is taken. Running trials count among the rest, so that trials asked for at once differ. With budgets, the largest budget that has enough trials is learned from
/// (S. Falkner et al., "BOHB", 2018). O(parameters · draws · trials).</remarks>
internal static class TpeSampler
{
    private const double GoodShare = 0.15;
    private const int MaxGood = 25;
    private const int Draws = 24;

    /// <summary>A position in [0, 1] per parameter.</summary>
    public static double[] Sample(SearchState state, SeededRandom random)
    {
        Trial[] told = Told(state);
        if (told.Length < state.Options.StartupTrials)
        {
            return [.. state.Space.Parameters.Select(_ => random.NextDouble())];
        }

        Trial[] sorted = [.. told.OrderBy(t => SearchEngine.Loss(state.Options, t)).ThenBy(t => t.Number)];
        int good = Math.Clamp((int)Math.Ceiling(GoodShare * sorted.Length), 1, MaxGood);
        Trial[] running = [.. state.Trials.Where(t => t.State == TrialState.Running)];
        return [.. state.Space.Parameters.Select(p => Draw(p, sorted[..good], [.. sorted[good..], .. running], random))];
    }

    private static Trial[] Told(SearchState state)
    {
        Trial[] told = [.. state.Trials.Where(t => t.State != TrialState.Running)];
        return told.GroupBy(t => t.Budget).OrderByDescending(g => g.Key).FirstOrDefault(g => g.Count() >= state.Options.StartupTrials)?.ToArray() ?? [];
    }

    private static double Draw(SearchParameter parameter, Trial[] good, Trial[] rest, SeededRandom random)
    {
        if (parameter.Choices is { } choices)
        {
            return DrawChoice(parameter, choices, good, rest, random);
        }

        Mixture better = new([.. good.Select(t => parameter.Position(t.Parameters[parameter.Name]))]);
        Mixture worse = new([.. rest.Select(t => parameter.Position(t.Parameters[parameter.Name]))]);
        double best = 0.5, bestScore = double.NegativeInfinity;
        for (int d = 0; d < Draws; d++)
        {
            double x = better.Draw(random);
            double score = Math.Log(better.Density(x)) - Math.Log(worse.Density(x));
            if (score > bestScore)
            {
                (best, bestScore) = (x, score);
            }
        }

        return best;
    }

    /// <summary>Counts with one added to each choice; the choice drawn is weighted by the good counts and compared by ratio.</summary>
    private static double DrawChoice(SearchParameter parameter, IReadOnlyList<double> choices, Trial[] good, Trial[] rest, SeededRandom random)
    {
        double Share(Trial[] trials, int choice) => (trials.Count(t => t.Parameters[parameter.Name] == choices[choice]) + 1.0) / (trials.Length + choices.Count);
        int best = 0;
        double bestScore = double.NegativeInfinity;
        for (int d = 0; d < Draws; d++)
        {
            double u = random.NextDouble();
            int choice = 0;
            while (choice < choices.Count - 1 && (u -= Share(good, choice)) > 0)
            {
                choice++;
            }

            double score = Share(good, choice) / Share(rest, choice);
            if (score > bestScore)
            {
                (best, bestScore) = (choice, score);
            }
        }

        return (best + 0.5) / choices.Count;
    }

    /// <summary>Equal normals around points in [0, 1], each as wide as the larger gap to its neighbours, and a broad prior.</summary>
    private sealed class Mixture
    {
        private readonly double[] _centres;
        private readonly double[] _widths;
        private readonly double[] _inside;

        public Mixture(double[] points)
        {
            double[] sorted = [.. points.Append(0.5).Order()];
            int prior = Array.IndexOf(sorted, 0.5);
            double least = 1.0 / Math.Min(100, sorted.Length + 1);
            _centres = sorted;
            _widths = new double[sorted.Length];
            for (int i = 0; i < sorted.Length; i++)
            {
                double left = sorted[i] - (i == 0 ? 0 : sorted[i - 1]);
                double right = (i == sorted.Length - 1 ? 1 : sorted[i + 1]) - sorted[i];
                _widths[i] = i == prior ? 1 : Math.Clamp(Math.Max(left, right), least, 1);
            }

            _inside = [.. _centres.Select((c, i) => Cumulative((1 - c) / _widths[i]) - Cumulative(-c / _widths[i]))];
        }

        public double Draw(SeededRandom random)
        {
            int i = random.Next(_centres.Length);

            // At least a third of a normal centred inside the range lies inside it: a few tries suffice.
            for (int attempt = 0; attempt < 100; attempt++)
            {
                double x = _centres[i] + (_widths[i] * random.NextNormal());
                if (x is >= 0 and <= 1)
                {
                    return x;
                }
            }

            return _centres[i];
        }

        public double Density(double x)
        {
            double sum = 0;
            for (int i = 0; i < _centres.Length; i++)
            {
                double z = (x - _centres[i]) / _widths[i];
                sum += Math.Exp(-z * z / 2) / (_widths[i] * _inside[i]);
            }

            return sum / _centres.Length;
        }

        private static double Cumulative(double z) => MathNet.Numerics.Distributions.Normal.CDF(0, 1, z);
    }
}
