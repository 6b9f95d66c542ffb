using Mlops.Core.Data;
using Mlops.Core.Learning;

namespace Mlops.Core.Features;

/// <summary>Fits a <see cref="FeaturePipeline"/> to training rows.</summary>
public static class PipelineFitter
{
    /// <summary>Fits the pipeline and computes the features of the training rows.</summary>
    /// <param name="train">The training rows.</param>
    /// <param name="features">The columns to use.</param>
    /// <param name="options">How columns become features.</param>
    /// <param name="target">What target encoding averages, for the same rows; null for none.</param>
    /// <param name="seed">Deals the folds of target encoding.</param>
    /// <returns>The pipeline, and the features of the training rows: those of <see cref="FeaturePipeline.Transform"/> except that target encodings are out of fold.</returns>
    public static (FeaturePipeline Pipeline, FeatureMatrix Features) Fit(
        DataTable train, IReadOnlyList<string> features, FeatureOptions options, TargetStatistics? target, ulong seed)
    {
        ArgumentNullException.ThrowIfNull(train);
        ArgumentNullException.ThrowIfNull(features);
        ArgumentNullException.ThrowIfNull(options);
        Step step = new(options, target, seed);
        foreach (string name in features)
        {
            step.Fit(train[name]);
        }

        FeaturePipeline pipeline = new([.. features.Select(f => new FeatureInput(f, train[f].Kind))], step.Encoders);
        float[][] values = pipeline.Encode(train);
        foreach ((int j, float[] outOfFold) in step.OutOfFold)
        {
            values[j] = outOfFold;
        }

        return (pipeline, new FeatureMatrix(train.RowCount, pipeline.Outputs(), values));
    }

    private sealed class Step(FeatureOptions options, TargetStatistics? target, ulong seed)
    {
        private int _outputs;

        public List<FeatureEncoder> Encoders { get; } = [];

        /// <summary>Per feature index the values of the training rows where they differ from what the encoder gives.</summary>
        public Dictionary<int, float[]> OutOfFold { get; } = [];

        public void Fit(Column column)
        {
            switch (column)
            {
                case TextColumn text:
                    FitText(text);
                    break;
                case NumericColumn { Kind: ColumnKind.Timestamp } timestamps:
                    FitTimestamps(timestamps);
                    break;
                case NumericColumn numbers:
                    FitNumbers(numbers);
                    break;
            }
        }

        private void FitNumbers(NumericColumn column)
        {
            bool single = column.Kind == ColumnKind.Number;
            Summary summary = Summary.Of(column.Values, v => single ? (float)v : v);
            if (summary.Varies)
            {
                Add(new NumberEncoder(column.Name, column.Kind, options.Dense ? summary.Scaling() : Scaling.None));
            }

            FitMissing(column, summary);
        }

        private void FitTimestamps(NumericColumn column)
        {
            TimestampPart[] wanted = options.Dense
                ? [TimestampPart.Days, TimestampPart.MonthSine, TimestampPart.MonthCosine, TimestampPart.WeekDaySine, TimestampPart.WeekDayCosine, TimestampPart.HourSine, TimestampPart.HourCosine]
                : [TimestampPart.Days, TimestampPart.Year, TimestampPart.Month, TimestampPart.Day, TimestampPart.WeekDay, TimestampPart.Hour, TimestampPart.Minute];
            List<TimestampPart> parts = [];
            List<Scaling> scalings = [];
            Summary any = Summary.Of(column.Values, v => v);
            foreach (TimestampPart part in wanted)
            {
                Summary summary = Summary.Of(column.Values, v => Calendar.Part(part, (long)v));
                if (summary.Varies)
                {
                    parts.Add(part);
                    scalings.Add(options.Dense ? summary.Scaling() : Scaling.None);
                }
            }

            if (parts.Count > 0)
            {
                Add(new TimestampEncoder(column.Name, parts, scalings));
            }

            FitMissing(column, any);
        }

        /// <summary>Trees see missing values in the number itself; where the number is filled or constant, the mark is all there is.</summary>
        private void FitMissing(NumericColumn column, Summary summary)
        {
            if (summary.Missing > 0 && summary.Present > 0 && (options.Dense || !summary.Varies))
            {
                Add(new MissingEncoder(column.Name, column.Kind));
            }
        }

        private void FitText(TextColumn column)
        {
            if (options.TextBuckets > 0 && FreeText.Grams(column) is { Count: > 0 } grams)
            {
                Add(new TextHashEncoder(column.Name, options.TextBuckets, grams));
                if (Enumerable.Range(0, column.Count).Any(column.IsMissing))
                {
                    Add(new MissingEncoder(column.Name, column.Kind));
                }

                return;
            }

            int[] counts = new int[column.Dictionary.Count];
            int missing = 0;
            foreach (int code in column.Codes)
            {
                if (code < 0)
                {
                    missing++;
                }
                else
                {
                    counts[code]++;
                }
            }

            // Most frequent first; equal ones by name, so that the order of the rows does not matter.
            string[] kept = [.. Enumerable.Range(0, counts.Length)
                .Where(c => counts[c] >= Math.Max(1, options.MinCategoryRows))
                .OrderByDescending(c => counts[c]).ThenBy(c => column.Dictionary[c], StringComparer.Ordinal)
                .Take(options.MaxCategories)
                .Select(c => column.Dictionary[c])];
            int distinct = counts.Count(c => c > 0);
            bool others = distinct > kept.Length;
            if (distinct + (missing > 0 ? 1 : 0) < 2)
            {
                return;
            }

            if (kept.Length + (others ? 1 : 0) + (missing > 0 ? 1 : 0) > 1)
            {
                Add(options.Categories == CategoryStyle.Codes ? new CodeEncoder(column.Name, kept, others) : new OneHotEncoder(column.Name, kept, others, missing > 0));
            }

            if (others && options.TargetEncode && target is not null)
            {
                (TargetEncoder encoder, IReadOnlyList<float[]> outOfFold) = TargetEncoding.Fit(column, target, options.TargetSmoothing, seed);
                for (int k = 0; k < outOfFold.Count; k++)
                {
                    OutOfFold.Add(_outputs + k, outOfFold[k]);
                }

                Add(encoder);
            }
        }

        private void Add(FeatureEncoder encoder)
        {
            Encoders.Add(encoder);
            _outputs += encoder.Outputs.Count;
        }
    }

    /// <summary>Moments of the values that are present and finite.</summary>
    private readonly record struct Summary(int Present, int Missing, double Minimum, double Maximum, double Mean, double Deviation)
    {
        public bool Varies => Present > 0 && Maximum > Minimum;

        public static Summary Of(ReadOnlySpan<double> values, Func<double, double> value)
        {
            int present = 0, missing = 0;
            double minimum = double.PositiveInfinity, maximum = double.NegativeInfinity, mean = 0, squares = 0;
            int finite = 0;
            foreach (double raw in values)
            {
                if (double.IsNaN(raw))
                {
                    missing++;
                    continue;
                }

                double v = value(raw);
                present++;
                minimum = Math.Min(minimum, v);
                maximum = Math.Max(maximum, v);
                if (double.IsFinite(v))
                {
                    finite++;
                    double delta = v - mean;
                    mean += delta / finite;
                    squares += delta * (v - mean);
                }
            }

            return new Summary(present, missing, minimum, maximum, mean, finite > 0 ? Math.Sqrt(squares / finite) : 0);
        }

        /// <summary>Fill with the mean, scale to mean 0 and standard deviation 1. A deviation that underflows to 0 scales by 1.</summary>
        public Scaling Scaling() => new(Mean, Mean, Deviation > 0 && double.IsFinite(Deviation) ? Deviation : 1);
    }
}
