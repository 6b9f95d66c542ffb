using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Mlops.Core.Access;
using Mlops.Core.Configuration;
using Mlops.Core.Data;
using Mlops.Core.Registry;
using Mlops.Functions.Access;
using Mlops.Functions.Hosting;
using Mlops.Storage.Arrival;

namespace Mlops.Functions.Configuration;

/// <summary>
/// <c>/api/models/{name}/configuration</c>: <c>GET</c> shows what is in force and whether it is what was applied; <c>POST …/plan</c> says what a
/// file would change; <c>PUT</c> applies it, with <c>If-Match</c> (or <c>If-None-Match: *</c>) naming the file it replaces.
/// </summary>
public sealed class ModelConfigurations(ConfigurationService configurations)
{
    private const int MaxSource = 200;

    [Function("GetConfiguration")]
    [RequireRole(Role.Reader)]
    public async Task<IResult> Get([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/models/{name}/configuration")] HttpRequest request, string name, CancellationToken cancellationToken)
    {
        if (!Api.TryModel(name, out ModelName model, out IResult problem))
        {
            return problem;
        }

        (ConfigurationFile? file, AppliedConfiguration? applied, ConfigurationState state) = await configurations.ReadAsync(model.Value, cancellationToken);
        ConfigurationResult parsed = ModelConfiguration.Parse(file?.Text ?? string.Empty);
        return Api.Json(new
        {
            model = model.Value,
            state,
            text = file?.Text,
            sha256 = file is null ? null : AppliedConfiguration.HashOf(file.Text),
            hash = parsed.Configuration?.Hash,
            errors = Texts(parsed),
            applied,
        });
    }

    [Function("PlanConfiguration")]
    [RequireRole(Role.Reader)]
    public async Task<IResult> Plan([HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/models/{name}/configuration/plan")] HttpRequest request, string name, CancellationToken cancellationToken)
    {
        (Proposal? proposal, IResult problem) = await ReadAsync(request, name, cancellationToken);
        return proposal is null ? problem : Api.Json(await configurations.PlanAsync(proposal.Model.Value, proposal.Text, proposal.Configuration, cancellationToken));
    }

    [Function("ApplyConfiguration")]
    [RequireRole(Role.Approver)]
    public async Task<IResult> Apply([HttpTrigger(AuthorizationLevel.Anonymous, "put", Route = "api/models/{name}/configuration")] HttpRequest request, string name, CancellationToken cancellationToken)
    {
        (Proposal? proposal, IResult problem) = await ReadAsync(request, name, cancellationToken);
        if (proposal is null)
        {
            return problem;
        }

        string source = request.Query["source"].ToString();
        if (source.Length > MaxSource || source.Any(char.IsControl))
        {
            return Api.BadRequest($"source: expected at most {MaxSource} printable characters, for example a commit.");
        }

        string? match = request.Headers.IfMatch.ToString() is { Length: > 0 } quoted ? quoted.Trim('"') : null;
        if (match is null && request.Headers.IfNoneMatch != "*")
        {
            return Api.Problem(
                StatusCodes.Status428PreconditionRequired,
                "Precondition required",
                "Send If-Match with the 'base' of the plan (the SHA-256 of the file that is to be replaced), or If-None-Match: * where there is none: nobody else's change is overwritten unseen.");
        }

        bool? changed = await configurations.ApplyAsync(
            proposal.Model.Value, proposal.Text, proposal.Configuration, match, request.Caller().Name, source.Length == 0 ? "an unnamed source" : source, cancellationToken);
        return changed is { } done
            ? Api.Json(new { model = proposal.Model.Value, changed = done, sha256 = AppliedConfiguration.HashOf(proposal.Text), hash = proposal.Configuration.Hash })
            : Api.Problem(StatusCodes.Status412PreconditionFailed, "Precondition failed", $"The configuration of model '{proposal.Model}' is not the one that was planned against. Plan again.");
    }

    private static async Task<(Proposal? Proposal, IResult Problem)> ReadAsync(HttpRequest request, string name, CancellationToken cancellationToken)
    {
        if (!Api.TryModel(name, out ModelName model, out IResult problem))
        {
            return (null, problem);
        }

        byte[] buffer = new byte[ModelConfiguration.MaxBytes + 1];
        int length = await request.Body.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellationToken);
        if (length > ModelConfiguration.MaxBytes)
        {
            return (null, Api.Problem(StatusCodes.Status413PayloadTooLarge, "Content too large", $"A model.yaml has at most {ModelConfiguration.MaxBytes} bytes."));
        }

        string text = Encoding.UTF8.GetString(buffer, 0, length);
        ConfigurationResult parsed = ModelConfiguration.Parse(text);
        return parsed.Configuration is { } configuration
            ? (new Proposal(model, text, configuration), Results.Empty)
            : (null, Api.BadRequest("The model.yaml has errors.", Texts(parsed)));
    }

    private static string[] Texts(ConfigurationResult parsed) => [.. parsed.Errors.Select(error => error.ToString())];

    private sealed record Proposal(ModelName Model, string Text, ModelConfiguration Configuration);
}
