using System.Reflection;
using Microsoft.Azure.Functions.Worker;
using Mlops.Core.Access;
using Mlops.Functions.Access;

namespace Mlops.Functions.Tests.Access;

public class RouteRoleTests
{
    public static TheoryData<string> HttpFunctions => [.. Routes().Select(route => route.Name)];

    [Theory]
    [MemberData(nameof(HttpFunctions))]
    public void EveryRoute_NamesItsRole(string function) =>
        Assert.True(Of(function).GetCustomAttribute<RequireRoleAttribute>() is not null, $"The HTTP function {function} names no role. Add [RequireRole(Role.…)] to its method.");

    [Fact]
    public void Routes_AskingForNothing_AreTheProbes_AndWhatTheMasterKeyOpens() =>
        Assert.Equal(["CreateTokenByKey", "V2Live", "V2Ready"], Routes().Where(route => route.Method.GetCustomAttribute<RequireRoleAttribute>()?.Role == Role.None).Select(route => route.Name).Order(StringComparer.Ordinal));

    // One guard, ours: the host's keys open the one route that hands out the first token, and no other.
    [Theory]
    [MemberData(nameof(HttpFunctions))]
    public void EveryRoute_IsOpenToTheHost_ExceptTheOneForItsMasterKey(string function) =>
        Assert.Equal(function == "CreateTokenByKey" ? AuthorizationLevel.Admin : AuthorizationLevel.Anonymous, Routes().Single(route => route.Name == function).Trigger.AuthLevel);

    // A route that names no model is closed to callers limited to some, unless the function says that it checks.
    [Fact]
    public void Routes_ThatCheckModelsThemselves_AreThese() =>
        Assert.Equal(["GetLineage", "GetPipeline", "GetRun", "ListModels", "V2Server"], Routes().Where(route => route.Method.GetCustomAttribute<RequireRoleAttribute>()?.ChecksModels == true).Select(route => route.Name).Order(StringComparer.Ordinal));

    [Theory]
    [InlineData("CreateToken", Role.Admin)]
    [InlineData("RevokeToken", Role.Admin)]
    [InlineData("ListTokens", Role.Admin)]
    [InlineData("UploadData", Role.Contributor)]
    [InlineData("RequestRetraining", Role.Contributor)]
    [InlineData("RollbackModel", Role.Approver)]
    [InlineData("Predict", Role.Predictor)]
    [InlineData("Explain", Role.Predictor)]
    [InlineData("V2Infer", Role.Predictor)]
    [InlineData("PostFeedback", Role.Predictor)]
    [InlineData("GetLedger", Role.Reader)]
    public void Routes_ThatChangeSomething_AskForMoreThanAReader(string function, Role expected) => Assert.Equal(expected, Of(function).GetCustomAttribute<RequireRoleAttribute>()!.Role);

    [Fact]
    public void Enumeration_FindsTheRoutes() => Assert.True(Routes().Count() >= 20, "The test no longer finds the HTTP functions.");

    private static MethodInfo Of(string function) => Routes().Single(route => route.Name == function).Method;

    private static IEnumerable<(string Name, MethodInfo Method, HttpTriggerAttribute Trigger)> Routes() =>
        from type in typeof(RequireRoleAttribute).Assembly.GetTypes()
        from method in type.GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly)
        let function = method.GetCustomAttribute<FunctionAttribute>()
        where function is not null
        let trigger = method.GetParameters().Select(parameter => parameter.GetCustomAttribute<HttpTriggerAttribute>()).FirstOrDefault(attribute => attribute is not null)
        where trigger is not null
        select (function.Name, method, trigger);
}
