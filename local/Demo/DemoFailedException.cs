namespace Mlops.Demo;

/// <summary>The loop took a turn it should not have taken.</summary>
internal sealed class DemoFailedException(string message) : Exception(message);
