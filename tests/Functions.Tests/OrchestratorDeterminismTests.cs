using System.Reflection;
using Microsoft.Azure.Functions.Worker;

namespace Mlops.Functions.Tests;

/// <summary>Orchestrators run again from their start on every event: what they do may depend on nothing but their history.</summary>
public class OrchestratorDeterminismTests
{
    private static readonly string[] Banned =
    [
        "System.DateTime.get_Now", "System.DateTime.get_UtcNow", "System.DateTime.get_Today", "System.DateTimeOffset.get_Now", "System.DateTimeOffset.get_UtcNow",
        "System.TimeProvider.", "System.Guid.NewGuid", "System.Guid.CreateVersion7", "System.Random.", "System.Environment.", "System.Diagnostics.Stopwatch.",
        "System.Threading.Tasks.Task.Delay", "System.Threading.Tasks.Task.Run", "System.Threading.Tasks.Task.ConfigureAwait", "System.Threading.Tasks.Task`1.ConfigureAwait",
        "System.Threading.Thread.", "System.Threading.Timer.", "System.IO.File.", "System.IO.Directory.", "System.Net.Http.", "System.Console.",
    ];

    [Fact]
    public void Orchestrators_CallNothing_ThatDiffersOnReplay()
    {
        MethodInfo[] orchestrators = [.. Orchestrators()];
        Assert.NotEmpty(orchestrators);
        Assert.All(orchestrators, orchestrator => Assert.Empty(BannedCalls(orchestrator.DeclaringType!)));
    }

    [Fact]
    public void Orchestrators_AreStatic_AndTheirClassesHoldNoMutableState() => Assert.All(Orchestrators(), orchestrator =>
    {
        Assert.True(orchestrator.IsStatic);
        Assert.All(orchestrator.DeclaringType!.GetFields(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic), field => Assert.True(field.IsInitOnly || field.IsLiteral, $"{field.DeclaringType}.{field.Name} is not readonly"));
    });

    [Fact]
    public void BannedCalls_AreFound_WhereThereAreSome() => Assert.Equal(2, BannedCalls(typeof(Offender)).Count);

    private static IEnumerable<MethodInfo> Orchestrators() => Assembly.Load("Mlops.Functions").GetTypes()
        .SelectMany(type => type.GetMethods(BindingFlags.Public | BindingFlags.Static | BindingFlags.Instance | BindingFlags.DeclaredOnly))
        .Where(method => method.GetParameters().Any(parameter => parameter.GetCustomAttribute<OrchestrationTriggerAttribute>() is not null));

    // The whole class with what the compiler made of its async methods and lambdas.
    private static List<string> BannedCalls(Type type) =>
        [.. Instructions.MethodsOf(type).SelectMany(Calls).Where(call => Banned.Any(banned => call.StartsWith(banned, StringComparison.Ordinal)))];

    private static IEnumerable<string> Calls(MethodInfo method)
    {
        foreach (MethodBase called in Instructions.Of(method).Select(instruction => instruction.Operand).OfType<MethodBase>())
        {
            Type declaring = called.DeclaringType!.IsGenericType ? called.DeclaringType.GetGenericTypeDefinition() : called.DeclaringType;
            yield return $"{declaring.FullName}.{called.Name}";
        }
    }

    private static class Offender
    {
        public static async Task Run()
        {
            await Task.Delay(1);
            _ = DateTime.UtcNow;
        }
    }
}
