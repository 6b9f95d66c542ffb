using System.Runtime.CompilerServices;

namespace Mlops.EndToEnd.Tests;

/// <summary>A test that needs Chromium or Chrome, and is skipped where there is none.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class BrowserFactAttribute : FactAttribute
{
    public BrowserFactAttribute([CallerFilePath] string? file = null, [CallerLineNumber] int line = -1)
        : base(file, line)
    {
        if (BrowserSession.Program is null)
        {
            Skip = $"There is no browser here; looked for {string.Join(", ", BrowserSession.Programs)} in PATH.";
        }
    }
}
