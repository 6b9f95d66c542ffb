namespace Mlops.Core.Statistics.TwoSample;

/// <summary>What all sample tests share: NaN is missing and left out, inputs are never changed.</summary>
internal static class Samples
{
    /// <summary>The values without NaN, ascending.</summary>
    public static double[] Sorted(ReadOnlySpan<double> values)
    {
        double[] present = Present(values);
        Array.Sort(present);
        return present;
    }

    /// <summary>The values without NaN, in order.</summary>
    public static double[] Present(ReadOnlySpan<double> values)
    {
        double[] present = new double[values.Length];
        int count = 0;
        foreach (double value in values)
        {
            if (!double.IsNaN(value))
            {
                present[count++] = value;
            }
        }

        return count == present.Length ? present : present[..count];
    }

    /// <summary>The pairs of values of which neither is NaN, in order. Both inputs have one length.</summary>
    public static (double[] First, double[] Second) Complete(ReadOnlySpan<double> first, ReadOnlySpan<double> second)
    {
        List<double> a = [], b = [];
        for (int i = 0; i < first.Length; i++)
        {
            if (!double.IsNaN(first[i]) && !double.IsNaN(second[i]))
            {
                a.Add(first[i]);
                b.Add(second[i]);
            }
        }

        return ([.. a], [.. b]);
    }

    /// <summary>The joint values ascending: per distinct value the number in each sample. Both inputs are sorted.</summary>
    public static IEnumerable<(double Value, int First, int Second)> Ties(double[] first, double[] second)
    {
        int i = 0, j = 0;
        while (i < first.Length || j < second.Length)
        {
            double value = j >= second.Length || (i < first.Length && first[i] <= second[j]) ? first[i] : second[j];
            int a = 0, b = 0;
            while (i < first.Length && first[i] == value)
            {
                i++;
                a++;
            }

            while (j < second.Length && second[j] == value)
            {
                j++;
                b++;
            }

            yield return (value, a, b);
        }
    }

    /// <summary>Greatest common divisor.</summary>
    public static long Gcd(long a, long b) => b == 0 ? a : Gcd(b, a % b);
}
