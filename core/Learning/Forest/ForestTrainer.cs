using Mlops.Core.Learning.Trees;

namespace Mlops.Core.Learning.Forest;

/// <summary>Random forests (Breiman 2001) and extremely randomised trees (Geurts et al. 2006).</summary>
public static class ForestTrainer
{
    /// <summary>Trains. Trees grow in parallel; each is a function of the seed and its number.</summary>
    /// <param name="train">The rows to learn from.</param>
    /// <param name="options">Settings.</param>
    /// <param name="progress">Told the number of finished trees, from the threads that finish them, or null.</param>
    /// <param name="cancellationToken">Stops between two trees.</param>
    /// <exception cref="ArgumentException">An option is out of range or an answer is not a class.</exception>
    public static ForestResult Fit(TrainingSet train, ForestOptions options, IProgress<int>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(train);
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        if (options.Classes > 0)
        {
            Answers.RequireClasses(train.Y, options.Classes);
        }

        ForestData data = new(train, options, cancellationToken);
        DecisionTree[] trees = new DecisionTree[options.Trees];
        bool[][]? outOfBag = options.OutOfBag ? new bool[options.Trees][] : null;
        int finished = 0;
        Parallel.For(
            0,
            options.Trees,
            new ParallelOptions { MaxDegreeOfParallelism = options.Threads, CancellationToken = cancellationToken },
            () => new ForestGrower(data, options),
            (t, _, grower) =>
            {
                if (outOfBag is not null)
                {
                    outOfBag[t] = new bool[train.Rows];
                }

                trees[t] = grower.Grow(Hash.Of((ulong)options.Seed, t), outOfBag?[t]);
                progress?.Report(Interlocked.Increment(ref finished));
                return grower;
            },
            _ => { });
        int width = options.Classes > 2 ? options.Classes : 1;
        TreeEnsemble model = new()
        {
            Features = train.X.Features,
            Trees = trees,
            BaseScores = new double[width],
            Link = options.Classes == 2 ? Link.Probability : Link.Identity,
            Average = true,
        };
        if (outOfBag is null)
        {
            return new ForestResult(model, null, null);
        }

        Predictions predictions = OutOfBag(train, model, outOfBag, options, cancellationToken);
        return new ForestResult(model, predictions, OutOfBagScore(train, predictions, options.Classes));
    }

    private static Predictions OutOfBag(TrainingSet train, TreeEnsemble model, bool[][] outOfBag, ForestOptions options, CancellationToken cancellationToken)
    {
        float[] scores = new float[train.Rows * model.Outputs];
        Parallel.For(0, train.Rows, new ParallelOptions { MaxDegreeOfParallelism = options.Threads, CancellationToken = cancellationToken }, i =>
        {
            float[] row = new float[train.X.Columns];
            double[] sum = new double[model.Width];
            train.X.CopyRow(i, row);
            int votes = 0;
            for (int t = 0; t < outOfBag.Length; t++)
            {
                if (outOfBag[t][i])
                {
                    votes++;
                    DecisionTree tree = model.Trees[t];
                    int leaf = tree.Leaf(row, model.Features);
                    for (int k = 0; k < sum.Length; k++)
                    {
                        sum[k] += tree.Values[(leaf * sum.Length) + k];
                    }
                }
            }

            Span<float> to = scores.AsSpan(i * model.Outputs, model.Outputs);
            if (votes == 0)
            {
                to.Fill(float.NaN);
                return;
            }

            for (int k = 0; k < sum.Length; k++)
            {
                sum[k] /= votes;
            }

            Links.Apply(model.Link, sum, to);
        });
        return new Predictions(scores, model.Outputs);
    }

    private static double OutOfBagScore(TrainingSet train, Predictions predictions, int classes)
    {
        double right = 0;
        double count = 0;
        double sum = 0;
        double squares = 0;
        double errors = 0;
        for (int i = 0; i < train.Rows; i++)
        {
            if (float.IsNaN(predictions.Row(i)[0]))
            {
                continue;
            }

            double y = train.Y[i];
            count++;
            right += classes > 0 && predictions.Best(i) == (int)y ? 1 : 0;
            sum += y;
            squares += y * y;
            errors += (y - predictions.Row(i)[0]) * (y - predictions.Row(i)[0]);
        }

        return classes > 0 ? right / count : 1 - (errors / (squares - (sum * sum / count)));
    }
}
