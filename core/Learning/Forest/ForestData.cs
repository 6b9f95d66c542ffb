using Mlops.Core.Learning.Binning;

namespace Mlops.Core.Learning.Forest;

/// <summary>Training rows as the forest reads them: bins column by column, answers and weights as integers whose sums do not round.</summary>
/// <remarks>Column by column, unlike boosting: a node looks at a few random columns only, and a column of 10⁵ bytes stays in the second-level cache.</remarks>
internal sealed class ForestData
{
    public ForestData(TrainingSet set, ForestOptions options, CancellationToken cancellationToken)
    {
        BinnedMatrix binned = BinnedMatrix.Create(set, options.MaxBins, options.Threads, cancellationToken);
        Features = binned.Features;
        Rows = set.Rows;
        Classes = options.Classes;
        Columns = new byte[Features.Length][];
        Parallel.For(0, Features.Length, new ParallelOptions { MaxDegreeOfParallelism = options.Threads, CancellationToken = cancellationToken }, j =>
        {
            byte[] column = new byte[Rows];
            for (int i = 0; i < Rows; i++)
            {
                column[i] = binned.Bins[((long)i * binned.Stride) + j];
            }

            Columns[j] = column;
        });
        Weights = Quantised(set, options.ClassWeights);
        Answers = new long[Rows];
        if (Classes == 0)
        {
            QuantiseAnswers(set);
        }
        else
        {
            AnswerUnit = 1;
            for (int i = 0; i < Rows; i++)
            {
                Answers[i] = (long)set.Y[i];
            }
        }
    }

    public FeatureBins[] Features { get; }

    public int Rows { get; }

    /// <summary>0 for regression.</summary>
    public int Classes { get; }

    /// <summary>Bins by column, then row.</summary>
    public byte[][] Columns { get; }

    /// <summary>Per row the class, or (y − centre) / unit.</summary>
    public long[] Answers { get; }

    /// <summary>Per row an integer weight: 1 each without weights.</summary>
    public int[] Weights { get; }

    public double AnswerUnit { get; private set; }

    public double AnswerCentre { get; private set; }

    private static int[] Quantised(TrainingSet set, IReadOnlyList<double>? classWeights)
    {
        int[] weights = new int[set.Rows];
        Array.Fill(weights, 1);
        if (set.Weights is null && classWeights is null)
        {
            return weights;
        }

        double[] exact = new double[set.Rows];
        for (int i = 0; i < exact.Length; i++)
        {
            exact[i] = (set.Weights is null ? 1 : set.Weights[i]) * (classWeights is null ? 1 : classWeights[(int)set.Y[i]]);
        }

        double unit = exact.Max() / 65_536;
        for (int i = 0; i < weights.Length; i++)
        {
            weights[i] = (int)Math.Round(exact[i] / unit);
        }

        return weights;
    }

    /// <summary>Centres the answers and scales them so that a sum over all rows, 16-bit weights and bootstrap repeats included, stays below 2⁶².</summary>
    private void QuantiseAnswers(TrainingSet set)
    {
        double sum = 0;
        foreach (float y in set.Y)
        {
            sum += y;
        }

        AnswerCentre = (float)(sum / Rows);
        double largest = 0;
        foreach (float y in set.Y)
        {
            largest = Math.Max(largest, Math.Abs(y - AnswerCentre));
        }

        double room = Math.Pow(2, 62) / ((double)Rows * Weights.Max());
        AnswerUnit = largest > 0 ? largest / Math.Floor(Math.Min(room, Math.Pow(2, 40))) : 1;
        for (int i = 0; i < Rows; i++)
        {
            Answers[i] = (long)Math.Round((set.Y[i] - AnswerCentre) / AnswerUnit);
        }
    }
}
