namespace Microsoft.Azure.Functions.Worker.Builder;

/// <summary>Registered by <c>ConfigureFunctionsWebApplication</c>: HTTP functions may use ASP.NET Core's own types.</summary>
internal sealed class AspNetCoreIntegration
{
}
