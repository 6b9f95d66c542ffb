using System.Reflection;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;

namespace Mlops.Functions.Tests;

/// <summary>Calls of activities go by name, and the compiler compares nothing: a wrong type fails when it is read, hours later. The official analyzers (DURABLE2001 and 2002) compare what these tests compare.</summary>
public class ActivityCallTests
{
    private static readonly Dictionary<string, MethodInfo> Activities = Functions<ActivityTriggerAttribute>()
        .ToDictionary(method => method.GetCustomAttribute<FunctionAttribute>()!.Name, StringComparer.Ordinal);

    private static readonly IReadOnlyList<Call> Found = [.. Functions<OrchestrationTriggerAttribute>().Select(method => method.DeclaringType!).Distinct().SelectMany(CallsOf)];

    [Fact]
    public void EveryActivity_IsCalled_AndNothingElse() =>
        Assert.Equal(Activities.Keys.Order(StringComparer.Ordinal), Found.Select(call => call.Name).Distinct().Order(StringComparer.Ordinal));

    [Fact]
    public void Calls_ExpectWhatTheActivityReturns_AlsoWhereTheyDoNotUseIt() =>
        Assert.All(Found, call => Assert.Equal(Output(Activities[call.Name]), call.Expects));

    [Fact]
    public void Calls_GiveWhatTheActivityTakes() => Assert.All(Found, call =>
        Assert.Contains(Activities[call.Name].GetParameters().Single(parameter => parameter.IsDefined(typeof(ActivityTriggerAttribute))).ParameterType, call.Given));

    [Fact]
    public void CallsOf_FindsTypes_ThatDoNotFit()
    {
        Call wrong = Assert.Single(CallsOf(typeof(Offender)));
        Assert.Equal(("Wrong", null), (wrong.Name, wrong.Expects));
        Assert.Equal([typeof(Version)], wrong.Given);
    }

    private static IEnumerable<MethodInfo> Functions<T>()
        where T : Attribute => Assembly.Load("Mlops.Functions").GetTypes()
        .SelectMany(type => type.GetMethods(BindingFlags.Public | BindingFlags.Static | BindingFlags.Instance | BindingFlags.DeclaredOnly))
        .Where(method => method.GetParameters().Any(parameter => parameter.IsDefined(typeof(T))));

    private static Type? Output(MethodInfo method) => method.ReturnType.IsGenericType ? method.ReturnType.GetGenericArguments()[0] : null;

    // A name becomes a TaskName; what is made or loaded between that and the call are the input and the options.
    private static IEnumerable<Call> CallsOf(Type orchestrator)
    {
        foreach (MethodInfo method in Instructions.MethodsOf(orchestrator))
        {
            string? text = null, name = null;
            List<Type> given = [];
            foreach (object? operand in Instructions.Of(method).Select(instruction => instruction.Operand))
            {
                switch (operand)
                {
                    case string literal:
                        text = literal;
                        break;
                    case MethodInfo { Name: "op_Implicit" } conversion when conversion.DeclaringType == typeof(TaskName):
                        (name, given) = (text, []);
                        break;
                    case ConstructorInfo made:
                        given.Add(made.DeclaringType!);
                        break;
                    case FieldInfo loaded:
                        given.Add(loaded.FieldType);
                        break;
                    case MethodInfo { Name: nameof(TaskOrchestrationContext.CallActivityAsync) } call when call.DeclaringType == typeof(TaskOrchestrationContext):
                        yield return new Call(name!, call.IsGenericMethod ? call.GetGenericArguments()[0] : null, [.. given]);
                        break;
                }
            }
        }
    }

    private sealed record Call(string Name, Type? Expects, IReadOnlyList<Type> Given);

    private static class Offender
    {
        public static async Task Run(TaskOrchestrationContext context) => await context.CallActivityAsync("Wrong", new Version(1, 0));
    }
}
