using Microsoft.Extensions.Logging;

namespace Mlops.Functions.Hosting;

/// <summary>Every line the app logs, with ids by stage: 1xx arrival, 2xx pipeline, 3xx deployment, 4xx inference, 5xx monitoring, 6xx retraining, 7xx costs and operations, 8xx access, 9xx edge, 10xx notifications.</summary>
internal static partial class Log
{
    /// <summary>What the lines until its disposal are about, as properties beside those of their texts and under the same names.</summary>
    public static IDisposable? Scope(ILogger logger, string? model, int? version = null, string? run = null, string? pipeline = null) =>
        logger.BeginScope(new KeyValuePair<string, object?>[] { new("Model", model), new("Version", version), new("Run", run), new("Pipeline", pipeline) }.Where(property => property.Value is not null).ToArray());

    [LoggerMessage(101, LogLevel.Information, "Model {Model}: pipeline {Pipeline} started for {Blob}")]
    public static partial void PipelineStarted(ILogger logger, string model, string pipeline, string blob);

    [LoggerMessage(102, LogLevel.Warning, "A file in the drop zone is ignored: {Reason}")]
    public static partial void FileIgnored(ILogger logger, string? reason);

    [LoggerMessage(103, LogLevel.Error, "The pipeline of {Blob} could not be started; the next pass tries again")]
    public static partial void ArrivalFailed(ILogger logger, string blob, Exception exception);

    [LoggerMessage(201, LogLevel.Information, "{Pipeline}: {Step} …")]
    public static partial void StepStarted(ILogger logger, string pipeline, string step);

    [LoggerMessage(202, LogLevel.Information, "{Pipeline}: {Step} done: {Detail}")]
    public static partial void StepCompleted(ILogger logger, string pipeline, string step, string detail);

    [LoggerMessage(203, LogLevel.Error, "{Pipeline}: {Step} failed: {Detail}")]
    public static partial void StepFailed(ILogger logger, string pipeline, string step, string detail);

    [LoggerMessage(204, LogLevel.Error, "{Pipeline}: pipeline failed: {Reason}")]
    public static partial void PipelineFailed(ILogger logger, string pipeline, string reason);

    [LoggerMessage(301, LogLevel.Information, "Model {Model}: {Action}: {Detail}")]
    public static partial void TrafficChanged(ILogger logger, string model, string action, string detail);

    [LoggerMessage(401, LogLevel.Error, "Model {Model} version {Version}: scoring failed")]
    public static partial void ScoringFailed(ILogger logger, Exception exception, string model, int version);

    [LoggerMessage(402, LogLevel.Warning, "The prediction log could not be written; {Lines} lines wait for the next attempt")]
    public static partial void PredictionLogDelayed(ILogger logger, Exception exception, int lines);

    [LoggerMessage(404, LogLevel.Error, "The prediction log could not be written before the host stopped; {Lines} lines are lost")]
    public static partial void PredictionLogLost(ILogger logger, int lines);

    [LoggerMessage(403, LogLevel.Information, "Model {Model}: loaded {Hash} in {Milliseconds} ms")]
    public static partial void ModelLoaded(ILogger logger, string model, string hash, long milliseconds);

    [LoggerMessage(501, LogLevel.Information, "Model {Model}: drift checked: {Summary}")]
    public static partial void DriftChecked(ILogger logger, string model, string summary);

    [LoggerMessage(502, LogLevel.Error, "Model {Model}: the drift check failed")]
    public static partial void DriftCheckFailed(ILogger logger, Exception exception, string model);

    [LoggerMessage(601, LogLevel.Information, "Model {Model}: retraining request {Request} {Answer}: {Reason}")]
    public static partial void RetrainingDecided(ILogger logger, string model, string request, string answer, string reason);

    [LoggerMessage(602, LogLevel.Warning, "A platform event is ignored: {Reason}")]
    public static partial void EventIgnored(ILogger logger, string reason);

    [LoggerMessage(701, LogLevel.Warning, "What was used could not be written; it is kept for the next attempt")]
    public static partial void UsageDelayed(ILogger logger, Exception exception);

    [LoggerMessage(710, LogLevel.Warning, "It could not be recorded that a function ran")]
    public static partial void HeartbeatLost(ILogger logger, Exception exception);

    [LoggerMessage(801, LogLevel.Information, "Access to {Function} refused with {Status} to {Caller}")]
    public static partial void AccessRefused(ILogger logger, string function, int status, string caller);

    [LoggerMessage(901, LogLevel.Error, "{Method} {Path} failed; the answer names {Trace}")]
    public static partial void RequestFailed(ILogger logger, Exception exception, string method, string path, string trace);

    [LoggerMessage(902, LogLevel.Warning, "{Method} {Path} took longer than {Deadline}; the answer names {Trace}")]
    public static partial void RequestTooSlow(ILogger logger, string method, string path, TimeSpan deadline, string trace);

    [LoggerMessage(1001, LogLevel.Warning, "Model {Model}: event {Event} is not posted to {Host}: {Reason}")]
    public static partial void NotificationRefused(ILogger logger, string model, string @event, string host, string reason);
}
