using Microsoft.Azure.Functions.Worker.Converters;

namespace Microsoft.Azure.Functions.Worker.Extensions.Http.Converters;

/// <summary>Converter of <see cref="Worker.Http.FromBodyAttribute"/>: asks the host to read the request's body.</summary>
internal sealed class FromBodyConverter : IInputConverter
{
    public async ValueTask<ConversionResult> ConvertAsync(ConverterContext context)
    {
        if (context.FunctionContext.Features.Get<IFromBodyConversionFeature>() is not { } body)
        {
            return ConversionResult.Unhandled();
        }

        try
        {
            return ConversionResult.Success(await body.ConvertAsync(context.FunctionContext, context.TargetType));
        }
        catch (Exception e)
        {
            return ConversionResult.Failed(e);
        }
    }
}
