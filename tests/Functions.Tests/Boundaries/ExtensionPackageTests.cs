using System.Reflection;
using System.Xml.Linq;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Extensions.Abstractions;
using Mlops.TestKit;

namespace Mlops.Functions.Tests.Boundaries;

/// <summary>The stand-in of the worker declares the bindings of all its extensions; the official worker brings none of them, and its host loads every one that is listed.</summary>
public sealed class ExtensionPackageTests
{
    private const string Prefix = "Microsoft.Azure.Functions.Worker.Extensions.";

    /// <summary>The packages that official binding attributes are in.</summary>
    private static readonly Dictionary<Type, string> s_packages = new()
    {
        [typeof(HttpTriggerAttribute)] = "Http",
        [typeof(HttpResultAttribute)] = "Http",
        [typeof(TimerTriggerAttribute)] = "Timer",
        [typeof(QueueTriggerAttribute)] = "Storage.Queues",
        [typeof(QueueOutputAttribute)] = "Storage.Queues",
        [typeof(BlobTriggerAttribute)] = "Storage.Blobs",
        [typeof(BlobInputAttribute)] = "Storage.Blobs",
        [typeof(BlobOutputAttribute)] = "Storage.Blobs",
        [typeof(EventGridTriggerAttribute)] = "EventGrid",
        [typeof(EventGridOutputAttribute)] = "EventGrid",
        [typeof(OrchestrationTriggerAttribute)] = "DurableTask",
        [typeof(ActivityTriggerAttribute)] = "DurableTask",
        [typeof(DurableClientAttribute)] = "DurableTask",
    };

    [Fact]
    public void ListedExtensions_AreThoseThatFunctionsBindTo()
    {
        // Not bindings: what HTTP functions are given instead of HttpRequestData, and another backend of Durable Functions, which is an option.
        var others = new[] { "Http.AspNetCore", "DurableTask.AzureManaged" };
        var listed = XDocument.Load(Repository.File("functions", "Mlops.Functions.csproj")).Descendants("PackageReference")
            .Select(reference => reference.Attribute("Include")!.Value)
            .Where(package => package.StartsWith(Prefix, StringComparison.Ordinal))
            .Select(package => package[Prefix.Length..])
            .Except(others);

        Assert.Equal(Used().Distinct().Order(StringComparer.Ordinal), listed.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Packages_AreKnown_OfEveryBindingThatTheStandInsHave() =>
        Assert.Empty(new[] { typeof(FunctionAttribute).Assembly, typeof(ActivityTriggerAttribute).Assembly }
            .SelectMany(assembly => assembly.GetExportedTypes())
            .Where(type => typeof(BindingAttribute).IsAssignableFrom(type) && !type.IsAbstract)
            .Except(s_packages.Keys));

    private static IEnumerable<string> Used() =>
        from type in Assembly.Load("Mlops.Functions").GetTypes()
        from member in type.GetMembers(BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Static | BindingFlags.Instance | BindingFlags.DeclaredOnly)
        from target in member is MethodBase method ? method.GetParameters().Cast<ICustomAttributeProvider>().Append(member) : [member]
        from binding in target.GetCustomAttributes(typeof(BindingAttribute), inherit: false)
        select s_packages[binding.GetType()];
}
