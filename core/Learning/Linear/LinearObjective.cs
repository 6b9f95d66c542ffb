namespace Mlops.Core.Learning.Linear;

/// <summary>Value and gradient of (1/W) Σ wᵢ·loss + L2/2·‖β‖² on standardised features.</summary>
/// <remarks>Parameters: per output the coefficients of the features, then the intercept; outputs one after another. Rows are taken in
/// blocks of <see cref="BlockRows"/> that are standardised into a small double buffer, so that the features stay as they are in memory and
/// the arithmetic is double throughout. O(rows · features · outputs) per evaluation; the order of summation is fixed.</remarks>
internal sealed class LinearObjective
{
    private const int BlockRows = 512;
    private readonly TrainingSet _set;
    private readonly LinearLoss _loss;
    private readonly double _totalWeight;
    private readonly double[][] _block;
    private readonly double[][] _raw;

    public LinearObjective(TrainingSet set, LinearLoss loss, int outputs, bool standardise, double l2)
    {
        _set = set;
        _loss = loss;
        Outputs = outputs;
        L2 = l2;
        Features = set.X.Columns;
        Means = new double[Features];
        Scales = new double[Features];
        _totalWeight = set.Weights is null ? set.Rows : set.Weights.Sum(w => (double)w);
        for (int j = 0; j < Features; j++)
        {
            Moments(set.X.Column(j), j, standardise);
        }

        _block = Enumerable.Range(0, Features).Select(_ => new double[BlockRows]).ToArray();
        _raw = Enumerable.Range(0, outputs).Select(_ => new double[BlockRows]).ToArray();
    }

    public int Outputs { get; }

    public int Features { get; }

    public double L2 { get; }

    /// <summary>Weighted mean of each feature over its present values.</summary>
    public double[] Means { get; }

    /// <summary>Standard deviation of each feature; 1 without standardising and for a constant.</summary>
    public double[] Scales { get; }

    public int Parameters => Outputs * (Features + 1);

    /// <summary>The objective at <paramref name="theta"/>; writes its gradient.</summary>
    public double Evaluate(double[] theta, double[] gradient)
    {
        Array.Clear(gradient);
        double value = 0;
        for (int start = 0; start < _set.Rows; start += BlockRows)
        {
            int count = Math.Min(BlockRows, _set.Rows - start);
            LoadBlock(start, count);
            value += Residuals(theta, start, count);
            Accumulate(gradient, count);
        }

        value /= _totalWeight;
        for (int k = 0; k < Outputs; k++)
        {
            int at = k * (Features + 1);
            for (int j = 0; j < Features; j++)
            {
                gradient[at + j] = (gradient[at + j] / _totalWeight) + (L2 * theta[at + j]);
                value += 0.5 * L2 * theta[at + j] * theta[at + j];
            }

            gradient[at + Features] /= _totalWeight;
        }

        return value;
    }

    /// <summary>The normal equations of the squared loss: (1/W) Xᵀ W X (with the intercept as last row and column) and (1/W) Xᵀ W y.</summary>
    public (double[,] Gram, double[] Right) NormalEquations()
    {
        int p = Features + 1;
        double[,] gram = new double[p, p];
        double[] right = new double[p];
        double[] ones = new double[BlockRows];
        double[] weighted = new double[BlockRows];
        Array.Fill(ones, 1);
        for (int start = 0; start < _set.Rows; start += BlockRows)
        {
            int count = Math.Min(BlockRows, _set.Rows - start);
            LoadBlock(start, count);
            for (int a = 0; a < p; a++)
            {
                double[] left = a < Features ? _block[a] : ones;
                double sum = 0;
                for (int i = 0; i < count; i++)
                {
                    weighted[i] = left[i] * Weight(start + i) / _totalWeight;
                    sum += weighted[i] * _set.Y[start + i];
                }

                right[a] += sum;
                for (int b = 0; b <= a; b++)
                {
                    double[] other = b < Features ? _block[b] : ones;
                    gram[a, b] += Dot(weighted, other, count);
                }
            }
        }

        for (int a = 0; a < p; a++)
        {
            for (int b = a + 1; b < p; b++)
            {
                gram[a, b] = gram[b, a];
            }
        }

        return (gram, right);
    }

    private static double Dot(double[] a, double[] b, int count)
    {
        double sum = 0;
        for (int i = 0; i < count; i++)
        {
            sum += a[i] * b[i];
        }

        return sum;
    }

    private double Weight(int row) => _set.Weights is null ? 1 : _set.Weights[row];

    private void Moments(ReadOnlySpan<float> column, int j, bool standardise)
    {
        double sum = 0;
        double weight = 0;
        for (int i = 0; i < column.Length; i++)
        {
            if (float.IsNaN(column[i]))
            {
                continue;
            }

            if (float.IsInfinity(column[i]))
            {
                throw new ArgumentException($"Feature '{_set.X.Features[j].Name}', row {i}: the value is {column[i]}; a linear model expects finite or missing values. Clip the feature or use trees.");
            }

            sum += Weight(i) * column[i];
            weight += Weight(i);
        }

        double mean = weight > 0 ? sum / weight : 0;
        double squares = 0;
        for (int i = 0; i < column.Length; i++)
        {
            if (!float.IsNaN(column[i]))
            {
                squares += Weight(i) * (column[i] - mean) * (column[i] - mean);
            }
        }

        // A missing value counts as the mean, so it adds nothing to the squares but counts as a row.
        double deviation = Math.Sqrt(squares / _totalWeight);
        Means[j] = mean;
        Scales[j] = standardise && deviation > 1e-12 * Math.Max(1, Math.Abs(mean)) ? deviation : 1;
    }

    private void LoadBlock(int start, int count)
    {
        for (int j = 0; j < Features; j++)
        {
            ReadOnlySpan<float> column = _set.X.Column(j).Slice(start, count);
            double[] block = _block[j];
            double mean = Means[j];
            double inverse = 1 / Scales[j];
            for (int i = 0; i < count; i++)
            {
                block[i] = float.IsNaN(column[i]) ? 0 : (column[i] - mean) * inverse;
            }
        }
    }

    /// <summary>Computes raw scores of the loaded block, replaces them by weighted residuals ∂loss/∂raw, and returns the block's weighted loss.</summary>
    private double Residuals(double[] theta, int start, int count)
    {
        for (int k = 0; k < Outputs; k++)
        {
            double[] raw = _raw[k];
            int at = k * (Features + 1);
            Array.Fill(raw, theta[at + Features], 0, count);
            for (int j = 0; j < Features; j++)
            {
                double coefficient = theta[at + j];
                double[] block = _block[j];
                for (int i = 0; i < count; i++)
                {
                    raw[i] += coefficient * block[i];
                }
            }
        }

        double loss = 0;
        for (int i = 0; i < count; i++)
        {
            loss += RowResidual(i, _set.Y[start + i], Weight(start + i));
        }

        return loss;
    }

    private double RowResidual(int i, double y, double weight)
    {
        double raw = _raw[0][i];
        switch (_loss)
        {
            case LinearLoss.Squared:
                _raw[0][i] = weight * (raw - y);
                return weight * 0.5 * (raw - y) * (raw - y);
            case LinearLoss.Logistic:
                _raw[0][i] = weight * ((1 / (1 + Math.Exp(-raw))) - y);
                return weight * (Math.Max(raw, 0) + Math.Log(1 + Math.Exp(-Math.Abs(raw))) - (y * raw));
            default:
                return SoftmaxResidual(i, (int)y, weight);
        }
    }

    private double SoftmaxResidual(int i, int y, double weight)
    {
        double max = double.NegativeInfinity;
        double target = _raw[y][i];
        for (int k = 0; k < Outputs; k++)
        {
            max = Math.Max(max, _raw[k][i]);
        }

        double sum = 0;
        for (int k = 0; k < Outputs; k++)
        {
            double e = Math.Exp(_raw[k][i] - max);
            _raw[k][i] = e;
            sum += e;
        }

        for (int k = 0; k < Outputs; k++)
        {
            _raw[k][i] = weight * ((_raw[k][i] / sum) - (k == y ? 1 : 0));
        }

        return weight * (max + Math.Log(sum) - target);
    }

    private void Accumulate(double[] gradient, int count)
    {
        for (int k = 0; k < Outputs; k++)
        {
            double[] residual = _raw[k];
            int at = k * (Features + 1);
            for (int j = 0; j < Features; j++)
            {
                gradient[at + j] += Dot(residual, _block[j], count);
            }

            double sum = 0;
            for (int i = 0; i < count; i++)
            {
                sum += residual[i];
            }

            gradient[at + Features] += sum;
        }
    }
}
