using Microsoft.DurableTask;
using Mlops.TestKit;

namespace Mlops.Local.Tests.Sdk;

public sealed class DurableTaskConformanceTests
{
    /// <summary>Members that are official, but not in the packages from which the golden lists were read.</summary>
    private static readonly HashSet<string> s_fromElsewhere = new(StringComparer.Ordinal)
    {
        // DurableTask.Core, which Microsoft.DurableTask.Client depends on: what a start throws when the id is in use.
        "DurableTask.Core.Exceptions.OrchestrationAlreadyExistsException [class] : System.InvalidOperationException",
        "DurableTask.Core.Exceptions.OrchestrationAlreadyExistsException..ctor()",
        "DurableTask.Core.Exceptions.OrchestrationAlreadyExistsException..ctor(System.String message)",
        "DurableTask.Core.Exceptions.OrchestrationAlreadyExistsException..ctor(System.String message, System.Exception innerException)",

        // Compiled from a record: the official assembly targets netstandard, where an override cannot narrow the type it returns.
        "Microsoft.DurableTask.SubOrchestrationOptions.virtual <Clone>$() : Microsoft.DurableTask.SubOrchestrationOptions",
    };

    [Fact]
    public void StandIn_HasOnlyOfficialMembers()
    {
        var extra = ApiListing.NotOfficial(typeof(TaskOrchestrationContext).Assembly, Golden("durabletask.txt"), Golden("functions-worker-durable.txt"))
            .Where(line => !s_fromElsewhere.Contains(line)).ToList();

        Assert.True(extra.Count == 0, $"The stand-in has {extra.Count} public member(s) that the official packages lack, or have with another signature:\n{string.Join('\n', extra)}");
    }

    [Fact]
    public void StandIn_HasTheWholeOrchestrationContext_ButEntities()
    {
        var official = File.ReadLines(Golden("durabletask.txt")).Where(line => line.StartsWith("Microsoft.DurableTask.TaskOrchestrationContext.", StringComparison.Ordinal) && !line.Contains("Entit", StringComparison.Ordinal));

        Assert.Empty(official.Except(ApiListing.Of(typeof(TaskOrchestrationContext).Assembly)));
    }

    private static string Golden(string file) => Repository.File("tests", "golden", "api", file);
}
