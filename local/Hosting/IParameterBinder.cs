using System.Reflection;
using Microsoft.Azure.Functions.Worker;

namespace Mlops.Local.Hosting;

/// <summary>Binds parameters that an extension brings, such as a client. Taken from the host's services.</summary>
internal interface IParameterBinder
{
    /// <summary>Gives the parameter's value, or false when it is not this binder's.</summary>
    bool TryBind(ParameterInfo parameter, FunctionContext context, out object? value);
}
