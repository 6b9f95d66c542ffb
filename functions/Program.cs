using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Mlops.Functions.Access;
using Mlops.Functions.Costs;
using Mlops.Functions.Hosting;
using Mlops.Functions.Operations;

FunctionsApplicationBuilder builder = FunctionsApplication.CreateBuilder(args);
builder.ConfigureFunctionsWebApplication();
builder.UseMiddleware<RequestEdge>();
builder.UseMiddleware<UsageMiddleware>();
builder.UseMiddleware<HeartbeatMiddleware>();
builder.UseMiddleware<AccessMiddleware>();
builder.Services.Configure<WorkerOptions>(options => options.InputConverters.RegisterAt<InvocationTokenConverter>(0));
builder.AddTelemetry();
builder.Services.AddStores(builder.Configuration).AddStages();

// Uploads are streamed and bounded by the arrival stage; the worker's own server would stop them at 30 MB.
builder.Services.Configure<KestrelServerOptions>(options => options.Limits.MaxRequestBodySize = null);
builder.Build().Run();
