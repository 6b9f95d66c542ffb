using Microsoft.Azure.Functions.Worker;

namespace Mlops.Functions.Training;

/// <summary>Activity: turns labelled predictions into a dataset version, so that retraining learns from what was served.</summary>
public sealed class CollectFeedback(PipelineSteps steps, FeedbackDataset feedback)
{
    [Function(nameof(CollectFeedback))]
    public Task<string> Run([ActivityTrigger] ModelStep step, CancellationToken cancellationToken) => steps.RunAsync(
        step.Pipeline, "feedback", () => feedback.CreateAsync(step.Model, cancellationToken), detail => detail, cancellationToken);
}
