using System.Runtime.CompilerServices;
using Xunit;

namespace Mlops.TestKit.Running;

/// <summary>A test that kills the process, which it cannot do with a running instance of somebody else: skipped there.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class ProcessFactAttribute : FactAttribute
{
    /// <summary>A fact, skipped when <c>MLOPS_BASE_URL</c> is set.</summary>
    public ProcessFactAttribute([CallerFilePath] string? sourceFilePath = null, [CallerLineNumber] int sourceLineNumber = -1)
        : base(sourceFilePath, sourceLineNumber)
    {
        if (Platform.IsExternal)
        {
            Skip = $"This test kills the platform's process; {Platform.BaseUrlVariable} points to an instance that is not ours to kill.";
        }
    }
}
