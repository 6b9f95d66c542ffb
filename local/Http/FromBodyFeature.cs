using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Abstractions;
using Microsoft.AspNetCore.Mvc.ModelBinding;
using Microsoft.AspNetCore.Mvc.ModelBinding.Validation;
using Microsoft.AspNetCore.Routing;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Extensions.Http.Converters;

namespace Mlops.Local.Http;

/// <summary>Reads a request's body with MVC's body binder, as the worker does under ASP.NET Core integration: MVC's JSON options, MVC's validation, an exception when either fails.</summary>
internal sealed class FromBodyFeature(ParameterBinder binder, IModelBinderFactory binders, IModelMetadataProvider metadata) : IFromBodyConversionFeature
{
    public async ValueTask<object?> ConvertAsync(FunctionContext context, Type targetType)
    {
        var http = context.GetHttpContext() ?? throw new InvalidOperationException("[FromBody] needs a function that is started over HTTP.");
        var action = new ActionContext(http, http.GetRouteData(), new ActionDescriptor());
        var model = metadata.GetMetadataForType(targetType);
        var info = new BindingInfo { BindingSource = BindingSource.Body };
        var body = binders.CreateBinder(new ModelBinderFactoryContext { Metadata = model, BindingInfo = info, CacheToken = (targetType, nameof(FromBodyFeature)) });
        var parameter = new ParameterDescriptor { Name = "", ParameterType = targetType, BindingInfo = info };
        var result = await binder.BindModelAsync(action, body, new CompositeValueProvider(), parameter, model, value: null);
        if (!action.ModelState.IsValid)
        {
            var errors = action.ModelState.SelectMany(e => e.Value!.Errors.Select(x => $"{e.Key}: {(x.ErrorMessage.Length > 0 ? x.ErrorMessage : x.Exception?.Message)}"));
            throw new InvalidOperationException($"the body is not a valid {targetType.Name}: {string.Join("; ", errors)}");
        }

        return result.Model;
    }
}
