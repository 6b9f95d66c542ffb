using System.Reflection;
using Microsoft.Azure.Functions.Worker.Extensions.Abstractions;

namespace Mlops.Local.Hosting;

/// <summary>Binds parameters with one kind of input attribute, reading what it takes.</summary>
internal interface IInputBinder
{
    /// <summary>Whether this binder serves the attribute.</summary>
    bool Handles(InputBindingAttribute attribute);

    /// <summary>The parameter's value.</summary>
    Task<object?> BindAsync(InputBindingAttribute attribute, ParameterInfo parameter, LocalFunctionContext context);
}
