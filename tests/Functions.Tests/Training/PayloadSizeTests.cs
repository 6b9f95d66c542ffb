using System.Reflection;
using System.Text.Json;
using Microsoft.Azure.Functions.Worker;

namespace Mlops.Functions.Tests.Training;

/// <summary>Only names and numbers cross an orchestration: every input and output is at most 16 KiB, however long its texts may get.</summary>
public class PayloadSizeTests
{
    // What bounds each text that crosses: names of blobs and models, ids, hashes, and reasons, which are cut.
    private const int LongestText = Bounded.MaximumReason;
    private const int MaximumPayload = 16 * 1024;

    // Trials of a round: training.search.parallel.
    private const int LongestList = 16;

    [Fact]
    public void EveryPayload_IsAtMost16KiB_WithTheLongestTexts()
    {
        Type[] payloads = [.. Payloads().Distinct()];
        Assert.True(payloads.Length >= 15);
        Assert.All(payloads, type => Assert.InRange(JsonSerializer.SerializeToUtf8Bytes(Fill(type), type).Length, 1, MaximumPayload));
    }

    private static IEnumerable<Type> Payloads() => Assembly.Load("Mlops.Functions").GetTypes()
        .SelectMany(type => type.GetMethods(BindingFlags.Public | BindingFlags.Static | BindingFlags.Instance | BindingFlags.DeclaredOnly))
        .Where(method => method.GetParameters().Any(parameter => parameter.GetCustomAttribute<OrchestrationTriggerAttribute>() is not null || parameter.GetCustomAttribute<ActivityTriggerAttribute>() is not null))
        .SelectMany(method => method.GetParameters().Select(parameter => parameter.ParameterType).Append(method.ReturnType))
        .Select(type => type.IsGenericType && type.GetGenericTypeDefinition() == typeof(Task<>) ? type.GetGenericArguments()[0] : type)
        .Where(type => (type.Namespace?.StartsWith("Mlops", StringComparison.Ordinal) ?? false) || type == typeof(string));

    private static object? Fill(Type type)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        if (type == typeof(string))
        {
            return new string('x', LongestText);
        }

        if (type.IsPrimitive || type.IsEnum || type == typeof(DateTimeOffset) || type == typeof(TimeSpan))
        {
            return Activator.CreateInstance(type);
        }

        if (type.IsArray)
        {
            Array list = Array.CreateInstance(type.GetElementType()!, LongestList);
            for (int i = 0; i < list.Length; i++)
            {
                list.SetValue(Fill(type.GetElementType()!), i);
            }

            return list;
        }

        ConstructorInfo constructor = type.GetConstructors().OrderByDescending(candidate => candidate.GetParameters().Length).First();
        return constructor.Invoke([.. constructor.GetParameters().Select(parameter => Fill(parameter.ParameterType))]);
    }
}
