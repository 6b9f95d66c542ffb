using System.Net.Sockets;
using Azure;
using Azure.Identity;

namespace Mlops.Storage.Operations;

/// <summary>Says in words why storage refused or did not answer, and what to do about it.</summary>
internal static class StorageFailure
{
    private const string Provision = "azd provision   # sets all roles, settings and resources again; new roles take some minutes to hold";

    /// <summary>The finding for an operation that failed.</summary>
    /// <param name="check">The check.</param>
    /// <param name="operation">What was tried, for example "writing a blob".</param>
    /// <param name="role">The role that allows it.</param>
    /// <param name="exception">What happened.</param>
    public static Finding Explain(string check, string operation, string role, Exception exception) => exception switch
    {
        RequestFailedException { ErrorCode: "AuthorizationPermissionMismatch" } => Finding.Error(
            check,
            $"{operation}: refused, the app's identity lacks the role '{role}' on the account.",
            $"{Provision}\naz role assignment create --role \"{role}\" --assignee-object-id PRINCIPAL --assignee-principal-type ServicePrincipal --scope ACCOUNT_ID"),
        RequestFailedException { ErrorCode: "KeyBasedAuthenticationNotPermitted" } => Finding.Error(
            check, $"{operation}: refused, the account takes no keys.", $"Remove the connection string and set {StorageConnection.Name}__blobServiceUri, __queueServiceUri and __tableServiceUri: {Provision}"),
        RequestFailedException { Status: 401 or 403 } refused => Finding.Error(
            check,
            $"{operation}: refused with {refused.Status} {refused.ErrorCode}. The key or token is not one of this account, the clocks differ by more than 15 minutes, or the account's network rules keep the app out.",
            $"az storage account show -n ACCOUNT --query '{{keys:allowSharedKeyAccess,network:networkRuleSet}}'   # compare with the settings of the connection\n{Provision}"),
        RequestFailedException { Status: 404 } missing => Finding.Error(
            check, $"{operation}: {missing.ErrorCode}: it does not exist.", "Start the app again, which makes what is missing; containers and queues of Azure: azd provision"),
        RequestFailedException { Status: > 0 } other => Finding.Error(check, $"{operation}: failed with {other.Status} {other.ErrorCode}.", "Look at the account's health in the portal; tried again in a minute it may work."),
        AuthenticationFailedException => Finding.Error(
            check, $"{operation}: no token for the account: {FirstLine(exception.Message)}", "In Azure: set AZURE_CLIENT_ID to the client id of the app's identity (azd provision). On a machine: az login."),
        OperationCanceledException => Finding.Error(check, $"{operation}: no answer in time.", Reach),
        _ when IsNetwork(exception) => Finding.Error(check, $"{operation}: the account cannot be reached: {FirstLine(exception.Message)}", Reach),
        _ => Finding.Error(check, $"{operation}: {exception.GetType().Name}: {FirstLine(exception.Message)}", "Report this with the whole report."),
    };

    private const string Reach = "Check the addresses in the settings of the connection, DNS and firewall; on one machine: scripts/run.sh --serve starts the storage.";

    private static bool IsNetwork(Exception? exception) => exception switch
    {
        null => false,
        RequestFailedException { Status: 0 } or HttpRequestException or SocketException => true,
        AggregateException many => many.InnerExceptions.Any(IsNetwork),
        _ => IsNetwork(exception.InnerException),
    };

    private static string FirstLine(string text) => text.Split('\n', 2)[0].TrimEnd('\r');
}
