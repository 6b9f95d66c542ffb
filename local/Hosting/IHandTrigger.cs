namespace Mlops.Local.Hosting;

/// <summary>Runs functions of one trigger kind by hand, for <c>POST /admin/functions/{name}</c>.</summary>
internal interface IHandTrigger
{
    /// <summary>Whether this is the function's kind.</summary>
    bool Handles(FunctionDescriptor function);

    /// <summary>Runs the function with an input as the admin route's body gives it.</summary>
    Task RunAsync(FunctionDescriptor function, string input, CancellationToken cancellationToken);
}
