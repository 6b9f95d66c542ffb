using Microsoft.AspNetCore.Http;
using Mlops.Core.Access;

namespace Mlops.Functions.Access;

/// <summary>Who asks.</summary>
internal static class CallerExtensions
{
    /// <summary>The caller of a request that was let pass.</summary>
    /// <exception cref="InvalidOperationException">Nobody let it pass: <see cref="AccessMiddleware"/> is missing in Program.cs.</exception>
    public static Caller Caller(this HttpRequest request) =>
        request.HttpContext.Features.Get<Caller>() ?? throw new InvalidOperationException("Nobody has decided who asks. Add AccessMiddleware in Program.cs.");
}
