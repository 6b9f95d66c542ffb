using Azure.Core;
using Azure.Core.Pipeline;
using Azure.Data.Tables;

namespace Mlops.Storage.Tests.Tables;

/// <summary>A handler in place of the network: records each request and answers as the test says.</summary>
internal sealed class FakeTransport(Func<HttpRequestMessage, int, HttpResponseMessage> answer) : HttpMessageHandler
{
    internal List<(HttpRequestMessage Request, string Body)> Sent { get; } = [];

    internal TableClientOptions Options
    {
        get
        {
            var options = new TableClientOptions { Transport = new HttpClientTransport(this) };
            options.Retry.Delay = TimeSpan.FromMilliseconds(1);
            options.Retry.MaxDelay = TimeSpan.FromMilliseconds(1);
            options.Retry.Mode = RetryMode.Fixed;
            return options;
        }
    }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        Sent.Add((request, request.Content is null ? "" : await request.Content.ReadAsStringAsync(cancellationToken)));
        return answer(request, Sent.Count);
    }
}
