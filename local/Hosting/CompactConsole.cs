using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;

namespace Mlops.Local.Hosting;

/// <summary>One line per entry, with the time of day and the last part of the category.</summary>
internal sealed class CompactConsole() : ConsoleFormatter(FormatterName)
{
    public const string FormatterName = "compact";

    public override void Write<TState>(in LogEntry<TState> logEntry, IExternalScopeProvider? scopeProvider, TextWriter textWriter)
    {
        var level = logEntry.LogLevel switch
        {
            LogLevel.Information => "     ",
            LogLevel.Warning => "warn ",
            LogLevel.Error or LogLevel.Critical => "FAIL ",
            _ => "debug",
        };
        var category = logEntry.Category[(logEntry.Category.LastIndexOf('.') + 1)..];
        textWriter.WriteLine($"{TimeProvider.System.GetLocalNow():HH:mm:ss.f} {level} {category,-16} {logEntry.Formatter(logEntry.State, logEntry.Exception)}");
        if (logEntry.Exception is { } error)
        {
            textWriter.WriteLine($"                 {(logEntry.LogLevel >= LogLevel.Error ? error.ToString() : $"{error.GetType().Name}: {error.Message}").ReplaceLineEndings("\n                 ")}");
        }
    }
}
