using Microsoft.Azure.Functions.Worker.Converters;

namespace Mlops.Functions.Hosting;

/// <summary>
/// Binds every <see cref="CancellationToken"/> to that of the invocation. The host tells the worker the parameters of a query, and the fields of a JSON body, as values
/// for parameters of the same name, and the worker's own converter comes after the one that reads them: <c>?cancellationToken={}</c> would be a token that never fires.
/// </summary>
internal sealed class InvocationTokenConverter : IInputConverter
{
    public ValueTask<ConversionResult> ConvertAsync(ConverterContext context) =>
        ValueTask.FromResult(context.TargetType == typeof(CancellationToken) ? ConversionResult.Success(context.FunctionContext.CancellationToken) : ConversionResult.Unhandled());
}
