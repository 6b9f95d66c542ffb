using System.Text.Json;

namespace Mlops.Cli;

/// <summary>The commands: what they are called, what they take, and how they end.</summary>
internal static class CommandLine
{
    /// <summary>Every check passed.</summary>
    public const int Passed = 0;

    /// <summary>At least one check failed, or <c>plan --check</c> found a difference.</summary>
    public const int Failed = 1;

    /// <summary>The command could not be understood or its input not be read.</summary>
    public const int Unusable = 2;

    private const string Usage = """
        Usage:
          mlops check data FILE… [--config model.yaml] [--contract contract.json] [--write-contract contract.json] [--junit FILE]
              Reads batches and holds them against a contract. The first file sets the contract when none is given.
          mlops check model FILE… --config model.yaml [--against model.yaml] [--junit FILE]
              Trains what the configuration asks for and holds it against its gates; with --against, also against what the other configuration gives on the same rows.
          mlops check serving URL --model NAME --rows rows.json [--requests 200] [--concurrency 8] [--p95 MILLISECONDS] [--errors PERCENT] [--junit FILE]
              Sends prediction requests and holds latency and errors against limits.
          mlops doctor [URL] [--format text|json]
              Examines the platform and says how to repair what it finds. With a URL it asks the running app; without, it looks into the storage itself, with the
              app's settings (MlopsStorage, AzureWebJobsStorage ...) from the environment. Warnings alone do not fail.
          mlops compare URL --model NAME --versions A,B [--metric NAME] [--margin 0] [--junit FILE]
              Compares the metrics of two registered versions; fails when B is worse than A by more than the margin.
          mlops plan URL [--models models] [--model NAME] [--check] [--out plan.json] [--junit FILE]
              Says what applying models/NAME/model.yaml would change. With --check, differences fail: what runs is not what the repository says.
          mlops apply URL [--models models] [--model NAME] [--plan plan.json] [--source TEXT] [--retrain] [--junit FILE]
              Applies them; with --plan only what was planned. With --retrain, models whose training changes are trained again.
          mlops ledger verify URL [--model NAME] [--junit FILE]
              Holds the ledgers against themselves and their anchors; computed here, from the entries.
          mlops cost URL [--month yyyy-MM]
              What each model used in a month, and an estimate of what it cost.
          mlops token create URL --name TEXT --role reader|predictor|contributor|approver|admin [--models 'weather-*,churn'] [--days 90]
          mlops token list URL
          mlops token revoke URL ID
              Creates a token and prints it once, lists what is known of all, makes one worthless. An admin's token is read from MLOPS_TOKEN; without one, create takes the master key of MLOPS_MASTER_KEY.
        The token of every request to a platform is read from MLOPS_TOKEN.
        Ends with 0 when everything passed, 1 when a check failed, 2 when the command or its input is unusable.
        """;

    /// <summary>Runs one command.</summary>
    public static async Task<int> RunAsync(string[] arguments, TextWriter output, TextWriter errors, CancellationToken cancellationToken)
    {
        try
        {
            Arguments given = new(arguments);
            if (given.Words is ["token", ..])
            {
                return await TokenCommand.RunAsync(given, output, cancellationToken);
            }

            if (given.Words is ["doctor", ..])
            {
                return await DoctorCommand.RunAsync(given, output, cancellationToken);
            }

            CheckReport report = given.Words switch
            {
                ["check", "data", ..] => await CheckData.RunAsync(given, cancellationToken),
                ["check", "model", ..] => await CheckModel.RunAsync(given, cancellationToken),
                ["check", "serving", ..] => await CheckServing.RunAsync(given, cancellationToken),
                ["compare", ..] => await CompareVersions.RunAsync(given, cancellationToken),
                ["plan", ..] => await PlanModels.RunAsync(given, cancellationToken),
                ["apply", ..] => await ApplyModels.RunAsync(given, cancellationToken),
                ["ledger", "verify", ..] => await VerifyLedgers.RunAsync(given, cancellationToken),
                ["cost", ..] => await ShowCosts.RunAsync(given, cancellationToken),
                _ => throw new UsageException("No such command."),
            };
            if (given.Option("junit") is { } path)
            {
                report.WriteJUnit(path);
            }

            report.WriteText(output);
            return report.HasFailed ? Failed : Passed;
        }
        catch (UsageException exception)
        {
            await errors.WriteLineAsync($"{exception.Message}\n\n{Usage}");
            return Unusable;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or FormatException or HttpRequestException or JsonException)
        {
            await errors.WriteLineAsync(exception.Message);
            return Unusable;
        }
    }
}
