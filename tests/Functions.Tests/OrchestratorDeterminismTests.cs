using System.Reflection;
using System.Reflection.Emit;
using System.Runtime.CompilerServices;
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

    private static readonly Dictionary<short, OpCode> OpCodesByValue = typeof(OpCodes).GetFields(BindingFlags.Public | BindingFlags.Static)
        .Select(field => (OpCode)field.GetValue(null)!)
        .ToDictionary(code => code.Value);

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
    [
        .. type.GetNestedTypes(BindingFlags.Public | BindingFlags.NonPublic).Where(nested => nested.GetCustomAttribute<CompilerGeneratedAttribute>() is not null).SelectMany(BannedCalls),
        .. type.GetMethods(BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Static | BindingFlags.Instance | BindingFlags.DeclaredOnly)
            .SelectMany(Calls)
            .Where(call => Banned.Any(banned => call.StartsWith(banned, StringComparison.Ordinal))),
    ];

    private static IEnumerable<string> Calls(MethodInfo method)
    {
        byte[] code = method.GetMethodBody()?.GetILAsByteArray() ?? [];
        Type[]? typeArguments = method.DeclaringType!.IsGenericType ? method.DeclaringType.GetGenericArguments() : null;
        Type[]? methodArguments = method.IsGenericMethod ? method.GetGenericArguments() : null;
        for (int i = 0; i < code.Length;)
        {
            OpCode operation = code[i] == 0xFE ? OpCodesByValue[unchecked((short)(0xFE00 | code[i + 1]))] : OpCodesByValue[code[i]];
            i += operation.Size;
            if (operation.OperandType == OperandType.InlineMethod)
            {
                MethodBase called = method.Module.ResolveMethod(BitConverter.ToInt32(code, i), typeArguments, methodArguments)!;
                Type declaring = called.DeclaringType!.IsGenericType ? called.DeclaringType.GetGenericTypeDefinition() : called.DeclaringType;
                yield return $"{declaring.FullName}.{called.Name}";
            }

            i += operation.OperandType switch
            {
                OperandType.InlineNone => 0,
                OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar => 1,
                OperandType.InlineVar => 2,
                OperandType.InlineI8 or OperandType.InlineR => 8,
                OperandType.InlineSwitch => 4 + (4 * BitConverter.ToInt32(code, i)),
                _ => 4,
            };
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
