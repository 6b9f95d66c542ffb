using System.Globalization;

namespace Mlops.Local.Hosting;

/// <summary>The command line of the embedded host.</summary>
internal static class CommandLine
{
    public const string Help = """
        Runs the functions app on this machine.

          --port N                   port on 127.0.0.1 (default 7071; 0: any free port)
          --data DIR                 where everything is kept (default .mlops)
          --storage CONNECTION       storage connection string (default: setting AzureWebJobsStorage; without one, Azurite is started)
          --auth                     ask callers for a token, and the host's own routes for a key, as in Azure
          --keys                     ask only the host's own routes for a key
          --help                     this text
        """;

    /// <summary>Reads the arguments; null when the help was asked for.</summary>
    /// <exception cref="ArgumentException">An argument is not known or has no valid value.</exception>
    public static LocalOptions? Parse(IReadOnlyList<string> arguments)
    {
        var options = new LocalOptions();
        for (var i = 0; i < arguments.Count; i++)
        {
            var (name, inline) = arguments[i].Split('=', 2) is [var left, var right] ? (left, right) : (arguments[i], null);
            string Value() => inline ?? (++i < arguments.Count ? arguments[i] : throw new ArgumentException($"'{name}' has no value. Run with --help for the arguments."));
            switch (name)
            {
                case "--port":
                    var text = Value();
                    options = int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port <= 65535
                        ? options with { Port = port }
                        : throw new ArgumentException($"--port is '{text}'; expected a number from 0 to 65535.");
                    break;
                case "--data":
                    options = options with { DataDirectory = Value() };
                    break;
                case "--storage":
                    options = options with { Storage = Value() };
                    break;
                case "--auth":
                    options = options with { Authentication = true };
                    break;
                case "--keys":
                    options = options with { EnforceKeys = true };
                    break;
                case "--help" or "-h":
                    return null;
                default:
                    throw new ArgumentException($"'{name}' is not an argument of the host. Run with --help for the arguments.");
            }
        }

        return options;
    }
}
