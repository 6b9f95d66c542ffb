using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Converters;

namespace Mlops.Local.Hosting;

/// <summary>What the worker's own converters do, in their order: a value of the parameter's name is read as its type, whatever that is; only where there is none, a token is the invocation's.</summary>
internal sealed class BuiltInConverters(IServiceProvider services) : IInputConverter
{
    public ValueTask<ConversionResult> ConvertAsync(ConverterContext context)
    {
        if (context.Source is null)
        {
            return new(context.TargetType == typeof(CancellationToken) ? ConversionResult.Success(context.FunctionContext.CancellationToken) : ConversionResult.Unhandled());
        }

        try
        {
            return new(ConversionResult.Success(ParameterValue.Convert(context.Source, context.TargetType, WorkerSerializer.Of(services))));
        }
        catch (Exception e)
        {
            return new(ConversionResult.Failed(e));
        }
    }
}
