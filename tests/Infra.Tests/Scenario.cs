using Mlops.Infra.Tests.Bicep;

namespace Mlops.Infra.Tests;

/// <summary>Deployments of infra/main.bicep that the tests look at.</summary>
internal static class Scenario
{
    /// <summary>What azd always gives.</summary>
    private static readonly IReadOnlyDictionary<string, object?> FromAzd = new Dictionary<string, object?>
    {
        ["environmentName"] = "test",
        ["location"] = "westeurope",
    };

    /// <summary>Every option at its default.</summary>
    public static Deployment Default { get; } = With();

    /// <summary>Production with every option on.</summary>
    public static Deployment Everything { get; } = With(
        ("environmentType", "prod"),
        ("principalId", "P"),
        ("principalType", "ServicePrincipal"),
        ("alertEmail", "ops@example.org"),
        ("entraClientId", "00000000-0000-0000-0000-000000000001"),
        ("budgetAmount", 50L),
        ("budgetStartDate", "2026-12-01"),
        ("alwaysReadyInstances", 1L),
        ("useDurableTaskScheduler", true),
        ("privateNetworking", true),
        ("publicApi", false),
        ("ledgerImmutabilityDays", 365L));

    /// <summary>The defaults with some parameters set.</summary>
    public static Deployment With(params (string Name, object? Value)[] parameters)
    {
        var all = new Dictionary<string, object?>(FromAzd);
        foreach (var (name, value) in parameters)
        {
            all[name] = value;
        }

        return Deployment.Of(BicepFile.Main, all);
    }
}
