using Mlops.Core.Learning.Binning;
using Mlops.Core.Learning.Trees;

namespace Mlops.Core.Learning.Growing;

/// <summary>Collects the nodes of a tree while it grows.</summary>
internal sealed class TreeBuilder(int valuesPerLeaf = 1)
{
    private readonly List<int> _feature = [];
    private readonly List<float> _threshold = [];
    private readonly List<bool> _missingLeft = [];
    private readonly List<int> _left = [];
    private readonly List<int> _right = [];
    private readonly List<int[]?> _codes = [];
    private readonly List<float> _value = [];
    private readonly List<float> _cover = [];
    private readonly List<float> _gain = [];

    /// <summary>Begins another tree.</summary>
    public void Clear()
    {
        _feature.Clear();
        _threshold.Clear();
        _missingLeft.Clear();
        _left.Clear();
        _right.Clear();
        _codes.Clear();
        _value.Clear();
        _cover.Clear();
        _gain.Clear();
    }

    /// <summary>Adds a leaf and returns its node number.</summary>
    public int AddLeaf(double cover)
    {
        _feature.Add(-1);
        _threshold.Add(0);
        _missingLeft.Add(false);
        _left.Add(-1);
        _right.Add(-1);
        _codes.Add(null);
        for (int k = 0; k < valuesPerLeaf; k++)
        {
            _value.Add(0);
        }

        _cover.Add((float)cover);
        _gain.Add(0);
        return _feature.Count - 1;
    }

    /// <summary>Makes an inner node of a leaf.</summary>
    public void SetSplit(int node, Split split, FeatureBins bins, int left, int right)
    {
        _feature[node] = split.Feature;
        _missingLeft[node] = split.MissingLeft;
        _left[node] = left;
        _right[node] = right;
        _gain[node] = (float)split.Gain;
        if (split.LeftBins is { } leftBins)
        {
            _codes[node] = bins.Codes!.Where((_, bin) => leftBins[bin]).ToArray();
        }
        else
        {
            // Behind the last edge: all present values left, only missing ones right.
            _threshold[node] = split.Bin < bins.Edges.Length ? bins.Edges[split.Bin] : float.PositiveInfinity;
        }
    }

    /// <summary>Sets the value of a leaf.</summary>
    public void SetValue(int node, double value, int output = 0) => _value[(node * valuesPerLeaf) + output] = (float)value;

    /// <summary>Sets the training weight that reached a node.</summary>
    public void SetCover(int node, double cover) => _cover[node] = (float)cover;

    /// <summary>Sets how a node parts rows, without bins.</summary>
    public void SetCut(int node, int feature, float threshold, int[]? codes, bool missingLeft)
    {
        _feature[node] = feature;
        _threshold[node] = threshold;
        _codes[node] = codes;
        _missingLeft[node] = missingLeft;
    }

    /// <summary>Sets the children of a node.</summary>
    public void SetChildren(int node, int left, int right)
    {
        _left[node] = left;
        _right[node] = right;
    }

    public DecisionTree Build(int output) => new()
    {
        Feature = [.. _feature],
        Threshold = [.. _threshold],
        MissingLeft = [.. _missingLeft],
        Left = [.. _left],
        Right = [.. _right],
        LeftCodes = [.. _codes],
        Values = [.. _value],
        Cover = [.. _cover],
        Gain = [.. _gain],
        Output = output,
    };
}
