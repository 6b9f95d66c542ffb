using System.Reflection;
using Microsoft.Extensions.Logging;

namespace Mlops.Functions.Tests.Boundaries;

public sealed class LogTests
{
    [Fact]
    public void LoggerMessages_OfTheApp_HaveUniqueIds()
    {
        var messages = Assembly.Load("Mlops.Functions").GetTypes()
            .SelectMany(type => type.GetMethods(BindingFlags.Static | BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly))
            .Select(method => (Name: $"{method.DeclaringType!.Name}.{method.Name}", Message: method.GetCustomAttribute<LoggerMessageAttribute>()))
            .Where(method => method.Message is not null)
            .ToList();
        Assert.All(messages, m => Assert.True(m.Message!.EventId > 0, $"{m.Name} has no event id."));
        Assert.All(messages.GroupBy(m => m.Message!.EventId), same => Assert.True(same.Count() == 1, $"Event id {same.Key} is shared by {string.Join(", ", same.Select(m => m.Name))}."));
    }
}
