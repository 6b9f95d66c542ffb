namespace Microsoft.Azure.Functions.Worker.Builder;

/// <summary>Starting point of a functions app.</summary>
public class FunctionsApplication
{
    /// <summary>Creates a builder with the default configuration: appsettings.json, environment variables, command line.</summary>
    public static FunctionsApplicationBuilder CreateBuilder(string[] args) => new(args);
}
