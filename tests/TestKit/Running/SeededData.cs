using System.Globalization;
using System.Text;

namespace Mlops.TestKit.Running;

/// <summary>Small tables of which a test knows what is in them: the label <c>yes</c> or <c>no</c> says whether <c>x1 + x2</c> is positive, but for the rows whose label is drawn by chance.</summary>
public static class SeededData
{
    /// <summary>A <c>model.yaml</c> that makes training take a second or two, and lets a canary stand until the test says otherwise: also by chance nothing is decided on so few requests.</summary>
    public const string QuickTraining = "training:\n  folds: 2\n  maxCandidates: 2\nrollout:\n  steps: [50]\n  bake: 1h\n  minRequests: 1000000\n";

    /// <summary>CSV with the columns <c>x1</c>, <c>x2</c>, <c>colour</c> and <c>label</c>.</summary>
    /// <param name="seed">Other seeds, other rows.</param>
    /// <param name="rows">How many.</param>
    /// <param name="noise">The fraction of rows whose label is drawn by chance.</param>
    public static string Csv(int seed, int rows = 400, double noise = 0)
    {
        var random = new Random(seed);
        var csv = new StringBuilder("x1,x2,colour,label\n");
        for (var i = 0; i < rows; i++)
        {
            var (x1, x2) = ((random.NextDouble() * 4) - 2, (random.NextDouble() * 4) - 2);
            var colour = new[] { "red", "green", "blue" }[random.Next(3)];
            var positive = random.NextDouble() < noise ? random.Next(2) == 0 : x1 + x2 > 0;
            csv.Append(CultureInfo.InvariantCulture, $"{x1:0.0000},{x2:0.0000},{colour},{(positive ? "yes" : "no")}\n");
        }

        return csv.ToString();
    }

    /// <summary>A row to predict, whose true label is clear.</summary>
    public static object Row(bool positive, string colour = "red") => new { x1 = positive ? 1.5 : -1.5, x2 = positive ? 1.0 : -1.0, colour };
}
