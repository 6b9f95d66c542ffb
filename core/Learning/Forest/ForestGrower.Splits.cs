using System.Numerics;
using Mlops.Core.Learning.Binning;
using Mlops.Core.Learning.Growing;

namespace Mlops.Core.Learning.Forest;

/// <content>The best cut of one column's histogram.</content>
internal sealed partial class ForestGrower
{
    private Split? Numeric(int feature, int present)
    {
        FeatureBins bins = _data.Features[feature];
        bool missing = _bins[present - 1] == bins.MissingBin;
        int values = missing ? present - 1 : present;
        double best = Impurity(_total, 0) + 1e-9;
        int bestBin = -1;
        bool missingLeft = false;
        int last = missing ? values : values - 1;
        int only = _options.RandomCuts && values > 1 ? Next(values - 1) : -1;
        for (int side = 0; side < (missing ? 2 : 1); side++)
        {
            _left.AsSpan().Clear();
            if (side == 1)
            {
                AddBin(bins.MissingBin);
            }

            for (int i = 0; i < last; i++)
            {
                AddBin(_bins[i]);
                if (only >= 0 && i != only)
                {
                    continue;
                }

                double score = Score();
                if (score > best)
                {
                    best = score;
                    bestBin = _bins[i];
                    missingLeft = side == 1;
                }
            }
        }

        if (bestBin < 0)
        {
            return null;
        }

        if (!missing)
        {
            _left.AsSpan().Clear();
            for (int i = 0; i < present && _bins[i] <= bestBin; i++)
            {
                AddBin(_bins[i]);
            }

            missingLeft = 2 * _left[0] >= _total[0];
        }

        return Found(feature, bestBin, null, missingLeft, best);
    }

    private Split? Categorical(int feature, int present)
    {
        FeatureBins bins = _data.Features[feature];

        // Order of the mean answer; with several classes, of the share of the class that leads in the node.
        int channel = 1;
        for (int k = 2; k < _channels; k++)
        {
            channel = _total[k] > _total[channel] ? k : channel;
        }

        for (int i = 0; i < present; i++)
        {
            int at = _bins[i] * _channels;
            _keys[i] = _options.RandomCuts ? Next() : (double)_sums[at + channel] / _sums[at];
        }

        int[] order = Enumerable.Range(0, present).OrderBy(i => _keys[i]).Select(i => _bins[i]).ToArray();
        _left.AsSpan().Clear();
        double best = Impurity(_total, 0) + 1e-9;
        int bestCut = -1;
        int only = _options.RandomCuts ? Next(present - 1) : -1;
        for (int i = 0; i < present - 1; i++)
        {
            AddBin(order[i]);
            if (only >= 0 && i != only)
            {
                continue;
            }

            double score = Score();
            if (score > best)
            {
                best = score;
                bestCut = i;
            }
        }

        if (bestCut < 0)
        {
            return null;
        }

        // As in boosting: missing, rare and unknown codes go right.
        bool[] leftBins = new bool[bins.Count];
        bool swap = order.AsSpan(0, bestCut + 1).Contains(bins.MissingBin);
        foreach (int bin in swap ? order.AsSpan(bestCut + 1) : order.AsSpan(0, bestCut + 1))
        {
            leftBins[bin] = true;
        }

        return Found(feature, -1, leftBins, false, best);
    }

    private void AddBin(int bin)
    {
        int at = bin * _channels;
        for (int k = 0; k < _channels; k++)
        {
            _left[k] += _sums[at + k];
        }
    }

    /// <summary>What a cut explains: Σ over sides of (Σ answers)²/weight, or Σ over classes of weight²/weight. NaN-free; −∞ where a side is too small.</summary>
    private double Score()
    {
        long least = (long)_options.MinLeafRows;
        return _left[0] < least || _total[0] - _left[0] < least
            ? double.NegativeInfinity
            : Impurity(_left, 0) + Impurity(_total, 1);
    }

    /// <summary>The explained part of one side: 0 the given sums, 1 the given sums less the left ones.</summary>
    private double Impurity(long[] sums, long less)
    {
        double weight = sums[0] - (less * _left[0]);
        double explained = 0;
        for (int k = 1; k < _channels; k++)
        {
            double sum = sums[k] - (less * _left[k]);
            explained += sum * sum;
        }

        return weight > 0 ? explained / weight : 0;
    }

    private Split Found(int feature, int bin, bool[]? leftBins, bool missingLeft, double score) => new()
    {
        Feature = feature,
        Bin = bin,
        LeftBins = leftBins,
        MissingLeft = missingLeft,
        Gain = (score - Impurity(_total, 0)) * _data.AnswerUnit * _data.AnswerUnit,
        LeftSum = 0,
        LeftValue = 0,
        RightValue = 0,
    };
}
