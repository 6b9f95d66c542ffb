namespace Mlops.Core.Learning;

/// <summary>Rows with their known answers.</summary>
/// <remarks>Row ids decide which rows a sampling step draws, so that the order of the rows, and how they are spread over shards, does not matter.</remarks>
public sealed class TrainingSet
{
    /// <summary>Takes the arrays as they are.</summary>
    /// <param name="x">The features.</param>
    /// <param name="y">One answer per row: the class index (0, 1, …) for classification, the number for regression.</param>
    /// <param name="weights">One finite weight ≥ 0 per row, or null for 1 each.</param>
    /// <param name="rowIds">One id per row that stays with the row, or null for the row's position.</param>
    /// <exception cref="ArgumentException">Lengths differ, there is no row, an answer is not finite or a weight is negative or not finite, or all are 0.</exception>
    public TrainingSet(FeatureMatrix x, float[] y, float[]? weights = null, long[]? rowIds = null)
    {
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(y);
        X = x;
        Y = y;
        Weights = weights;
        RowIds = rowIds;
        if (x.Rows == 0)
        {
            throw new ArgumentException("There is no row to learn from; expected at least one.", nameof(x));
        }

        Check(y.Length, nameof(y));
        Check(weights?.Length ?? x.Rows, nameof(weights));
        Check(rowIds?.Length ?? x.Rows, nameof(rowIds));
        for (int i = 0; i < y.Length; i++)
        {
            if (!float.IsFinite(y[i]))
            {
                throw new ArgumentException($"Row {i}: the answer is {y[i]}; expected a finite number. Leave the row out.", nameof(y));
            }
        }

        if (weights is not null)
        {
            double sum = 0;
            for (int i = 0; i < weights.Length; i++)
            {
                if (!float.IsFinite(weights[i]) || weights[i] < 0)
                {
                    throw new ArgumentException($"Row {i}: the weight is {weights[i]}; expected a finite number ≥ 0.", nameof(weights));
                }

                sum += weights[i];
            }

            if (sum <= 0)
            {
                throw new ArgumentException("All weights are 0; expected at least one row that counts.", nameof(weights));
            }
        }
    }

    /// <summary>The features.</summary>
    public FeatureMatrix X { get; }

    /// <summary>The answers.</summary>
    public float[] Y { get; }

    /// <summary>The weights, or null for 1 each.</summary>
    public float[]? Weights { get; }

    /// <summary>The ids, or null for the row's position.</summary>
    public long[]? RowIds { get; }

    /// <summary>Number of rows.</summary>
    public int Rows => X.Rows;

    private void Check(int length, string name)
    {
        if (length != X.Rows)
        {
            throw new ArgumentException($"{length} values are given; expected {X.Rows}, one per row of the features.", name);
        }
    }
}
