using System.Runtime.CompilerServices;
using Xunit;

namespace Mlops.TestKit.Running;

/// <summary>A theory that needs a process of its own: skipped against a running instance of somebody else.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class ProcessTheoryAttribute : TheoryAttribute
{
    /// <summary>A theory, skipped when <c>MLOPS_BASE_URL</c> is set.</summary>
    public ProcessTheoryAttribute([CallerFilePath] string? sourceFilePath = null, [CallerLineNumber] int sourceLineNumber = -1)
        : base(sourceFilePath, sourceLineNumber)
    {
        if (Platform.IsExternal)
        {
            Skip = $"This test needs a process of its own; {Platform.BaseUrlVariable} points to an instance that is not ours.";
        }
    }
}
