namespace Mlops.Functions;

/// <summary>A pipeline cannot go on and trying again would not help: the message is for the user.</summary>
public sealed class PipelineException : Exception
{
    /// <summary>A message that says where, found, expected and remedy.</summary>
    public PipelineException(string message)
        : base(message)
    {
    }
}
