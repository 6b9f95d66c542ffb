namespace Microsoft.Azure.Functions.Worker.Builder;

/// <summary>The engine of the app started in this flow of execution; one process may run several apps (tests do).</summary>
internal static class FunctionsEngine
{
    private static readonly AsyncLocal<IFunctionsEngine?> s_current = new();

    public static IFunctionsEngine? Current
    {
        get => s_current.Value;
        set => s_current.Value = value;
    }
}
