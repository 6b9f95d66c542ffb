using Mlops.Core.Learning.Binning;

namespace Mlops.Core.Learning.Growing;

/// <summary>Finds the best split of a leaf in one feature's part of its histogram.</summary>
/// <remarks>Numeric: every cut between bins, missing values tried on both sides, O(bins). Categorical: bins sorted by gradient over hessian,
/// then every cut of that order (Fisher 1958: the best set is a prefix of it), O(bins log bins); categories of few rows stay together, on the right. Rows per side are estimated from their share of the
/// hessian, which is exact for equal hessians.</remarks>
internal static class SplitFinder
{
    /// <summary>Rows of the leaf that a category needs to be sorted by its gradient: of many small ones some lead by chance, and sorting finds them.
    /// As many pseudo-rows pull its mean gradient to zero.</summary>
    private const double CategoryRows = 10;

    /// <summary>The best split of the leaf in <paramref name="feature"/>, or null when none is allowed or gains more than the minimum and than <paramref name="gainToBeat"/>.</summary>
    public static Split? Find(int feature, FeatureBins bins, ReadOnlySpan<long> histogram, in LeafState leaf, GrowerOptions options, double gradientUnit, double hessianUnit, double gainToBeat = 0)
    {
        if (bins.ValueBins == 0)
        {
            return null;
        }

        Search search = new(leaf, options, gradientUnit, hessianUnit, options.Monotone?[feature] ?? 0, bins.Codes is null ? 0 : options.CategoricalL2, gainToBeat);
        return bins.Codes is null ? Numeric(feature, bins, histogram, ref search) : Categorical(feature, bins, histogram, ref search);
    }

    private static Split? Numeric(int feature, FeatureBins bins, ReadOnlySpan<long> histogram, ref Search search)
    {
        long missing = histogram[bins.MissingBin];
        int cuts = missing == 0 ? bins.ValueBins - 1 : bins.ValueBins;
        Span<long> lefts = stackalloc long[FeatureBins.MaxBins];
        long left = 0;
        for (int bin = 0; bin < cuts; bin++)
        {
            left += histogram[bin];
            lefts[bin] = left;
        }

        // Missing values on the right first, then on the left, which must gain more.
        int best = search.BestCut(lefts, cuts);
        bool bestMissingLeft = false;
        if (missing != 0)
        {
            for (int bin = 0; bin < cuts; bin++)
            {
                lefts[bin] += missing;
            }

            int other = search.BestCut(lefts, cuts);
            bestMissingLeft = other >= 0;
            best = other >= 0 ? other : best;
        }

        if (best < 0)
        {
            return null;
        }

        // No missing value seen here: one that comes later goes with the heavier side.
        bool missingLeft = missing == 0 ? 2 * Histogram.Hessian(search.BestLeft) >= Histogram.Hessian(search.Total) : bestMissingLeft;
        return new Split
        {
            Feature = feature,
            Bin = best,
            MissingLeft = missingLeft,
            Gain = search.BestGain,
            LeftSum = search.BestLeft,
            LeftValue = search.BestLeftValue,
            RightValue = search.BestRightValue,
        };
    }

    private static Split? Categorical(int feature, FeatureBins bins, ReadOnlySpan<long> histogram, ref Search search)
    {
        Span<int> order = stackalloc int[FeatureBins.MaxBins];
        Span<double> key = stackalloc double[FeatureBins.MaxBins];
        int present = 0;
        double few = CategoryRows * search.HessianPerRow;
        for (int bin = 0; bin < bins.Count; bin++)
        {
            long entry = histogram[bin];
            if (Histogram.Hessian(entry) >= few)
            {
                key[present] = Histogram.Gradient(entry) / (Histogram.Hessian(entry) + few);
                order[present++] = bin;
            }
        }

        key[..present].Sort(order[..present], static (a, b) => a.CompareTo(b));
        StableTies(key[..present], order[..present]);
        long left = 0;
        int best = -1;
        for (int i = 0; i < present; i++)
        {
            left += histogram[order[i]];
            if (search.Improves(left))
            {
                best = i;
            }
        }

        if (best < 0)
        {
            return null;
        }

        // Missing, rare and unknown codes share a bin; it goes right, so that the left set is a plain list of codes.
        bool[] leftBins = new bool[bins.Count];
        for (int i = 0; i <= best; i++)
        {
            leftBins[order[i]] = true;
        }

        bool swap = leftBins[bins.MissingBin];
        if (swap)
        {
            for (int bin = 0; bin < leftBins.Length; bin++)
            {
                leftBins[bin] = !leftBins[bin] && histogram[bin] != 0;
            }
        }

        return new Split
        {
            Feature = feature,
            LeftBins = leftBins,
            Gain = search.BestGain,
            LeftSum = swap ? search.Total - search.BestLeft : search.BestLeft,
            LeftValue = swap ? search.BestRightValue : search.BestLeftValue,
            RightValue = swap ? search.BestLeftValue : search.BestRightValue,
        };
    }

    /// <summary>Orders bins of equal keys by number: Sort is not stable.</summary>
    private static void StableTies(ReadOnlySpan<double> key, Span<int> order)
    {
        for (int i = 0; i < key.Length;)
        {
            int end = i + 1;
            while (end < key.Length && key[end] == key[i])
            {
                end++;
            }

            order[i..end].Sort();
            i = end;
        }
    }

    /// <summary>The running best of one feature.</summary>
    private ref struct Search
    {
        private readonly GrowerOptions _options;
        private readonly double _gradientUnit;
        private readonly double _hessianUnit;
        private readonly double _low;
        private readonly double _high;
        private readonly double _l2;
        private readonly double _parentGain;
        private readonly double _minHessian;
        private readonly int _monotone;

        public Search(in LeafState leaf, GrowerOptions options, double gradientUnit, double hessianUnit, int monotone, double extraL2, double gainToBeat)
        {
            _options = options;
            _gradientUnit = gradientUnit;
            _hessianUnit = hessianUnit;
            _monotone = monotone;
            _low = leaf.Low;
            _high = leaf.High;
            _l2 = options.L2 + extraL2;
            Total = leaf.Sum;
            double g = Histogram.Gradient(Total) * gradientUnit;
            double h = Histogram.Hessian(Total) * hessianUnit;
            double value = LeafValue.Best(g, h, options.L1, options.L2, _low, _high);
            _parentGain = LeafValue.Gain(g, h, options.L1, options.L2, value) + options.MinGain;
            HessianPerRow = (double)Histogram.Hessian(Total) / leaf.Count;

            // Half a row of slack: the estimate is not a count.
            _minHessian = Math.Max(Math.Max(options.MinLeafWeight / hessianUnit, (options.MinLeafRows - 0.5) * HessianPerRow), 0.5);
            BestGain = gainToBeat;
        }

        /// <summary>The first of the best cuts that improve on what was found before, or −1.</summary>
        /// <param name="lefts">Packed sums of the left side per cut; written beyond <paramref name="cuts"/>.</param>
        /// <param name="cuts">Number of cuts.</param>
        public int BestCut(scoped Span<long> lefts, int cuts)
        {
            int best = -1;
            if (_options.UseVectors && _options.L1 == 0 && _monotone == 0)
            {
                int padded = (cuts + 3) & ~3;
                lefts[cuts..padded].Clear();
                double gain = BestGain;
                ScanConstants constants = new(_gradientUnit, _hessianUnit, _l2, _low, _high, _minHessian, _parentGain);
                best = NumericScan.Best(lefts[..padded], Total, constants, ref gain);
                if (best >= 0)
                {
                    // Once more the plain way, which also keeps the sums and values.
                    _ = Improves(lefts[best]);
                }

                return best;
            }

            for (int cut = 0; cut < cuts; cut++)
            {
                if (Improves(lefts[cut]))
                {
                    best = cut;
                }
            }

            return best;
        }

        public long Total { get; }

        /// <summary>In quantised units.</summary>
        public double HessianPerRow { get; }

        public double BestGain { get; private set; }

        public long BestLeft { get; private set; }

        public double BestLeftValue { get; private set; }

        public double BestRightValue { get; private set; }

        public bool Improves(long left)
        {
            long right = Total - left;
            long leftHessian = Histogram.Hessian(left);
            long rightHessian = Histogram.Hessian(right);
            if (leftHessian < _minHessian || rightHessian < _minHessian)
            {
                return false;
            }

            double l1 = _options.L1;
            double gl = Histogram.Gradient(left) * _gradientUnit;
            double gr = Histogram.Gradient(right) * _gradientUnit;
            double hl = leftHessian * _hessianUnit;
            double hr = rightHessian * _hessianUnit;
            double leftValue = LeafValue.Best(gl, hl, l1, _l2, _low, _high);
            double rightValue = LeafValue.Best(gr, hr, l1, _l2, _low, _high);
            if ((_monotone > 0 && leftValue > rightValue) || (_monotone < 0 && leftValue < rightValue))
            {
                return false;
            }

            double gain = LeafValue.Gain(gl, hl, l1, _l2, leftValue) + LeafValue.Gain(gr, hr, l1, _l2, rightValue) - _parentGain;
            if (!(gain > BestGain))
            {
                return false;
            }

            BestGain = gain;
            BestLeft = left;
            BestLeftValue = leftValue;
            BestRightValue = rightValue;
            return true;
        }
    }
}
