using Mlops.Local.Tests.Durable;

/// <summary>What the runtime calls before Main when <c>DOTNET_STARTUP_HOOKS</c> names this assembly; the name is prescribed.</summary>
internal static class StartupHook
{
    public static void Initialize()
    {
        if (Environment.GetEnvironmentVariable(CrashWorker.Variable) is { Length: > 0 } work)
        {
            CrashWorker.Run(work);
        }
    }
}
