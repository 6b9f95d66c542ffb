using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Mlops.Core.Access;
using Mlops.Functions.Access;
using Mlops.Functions.Hosting;
using Mlops.Storage.Operations;

namespace Mlops.Functions.Operations;

/// <summary><c>GET /api/doctor</c>: examines the platform; as text with <c>?format=text</c>. What it finds is in the answer, never in its status.</summary>
public sealed class GetDoctor(Doctor doctor, AppChecks app)
{
    [Function(nameof(GetDoctor))]
    [RequireRole(Role.Reader)]
    public async Task<IResult> Run([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/doctor")] HttpRequest request, CancellationToken cancellationToken)
    {
        DoctorReport report = await doctor.ExamineAsync([.. TimerSchedules.All.Keys], app.Run(), cancellationToken);
        return request.Query["format"] == "text" ? Results.Text(report.ToText(), "text/plain; charset=utf-8") : Api.Json(report);
    }
}
