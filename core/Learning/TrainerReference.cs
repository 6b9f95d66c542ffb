using System.Text;

namespace Mlops.Core.Learning;

/// <summary>All trainers and their parameters as documentation, from the same lists that check a candidate.</summary>
public static class TrainerReference
{
    /// <summary>One heading and table per trainer, for <c>docs/configuration.md</c>.</summary>
    public static string ToMarkdown()
    {
        StringBuilder text = new();
        foreach (string trainer in Candidates.Trainers)
        {
            IReadOnlyList<TrainerParameter> parameters = Candidates.Parameters(trainer);
            text.Append($"### `{trainer}`\n\n{Candidates.Description(trainer)}\n");
            if (parameters.Count > 0)
            {
                text.Append("\n| Parameter | Default | Range | Meaning |\n|---|---|---|---|\n");
                foreach (TrainerParameter p in parameters)
                {
                    text.Append($"| `{p.Name}` | {p.Show(p.Default)} | {p.Range} | {p.Description} |\n");
                }
            }

            text.Append('\n');
        }

        return text.ToString();
    }
}
