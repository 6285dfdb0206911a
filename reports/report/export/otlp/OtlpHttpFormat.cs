using System.Net.Http.Headers;

namespace Pressure.Reports.Export;

/// <summary>OpenTelemetry's protocol over HTTP, in protocol buffers.</summary>
internal sealed class OtlpHttpFormat(Uri url, (string Name, string Value)? header) : IPointFormat
{
    public HttpRequestMessage Request(IReadOnlyList<MetricPoint> points)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, url) { Content = Zipped.Content(to => to.Write(OtlpMessage.Write(points))) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/x-protobuf");
        if (header is var (name, value))
            request.Headers.TryAddWithoutValidation(name, value);
        return request;
    }

    public async Task<SendOutcome> ReadAsync(HttpResponseMessage answer, CancellationToken stop) =>
        answer.IsSuccessStatusCode ? OtlpAnswer.Read(await HttpOutcome.StartAsync(answer, stop)) : await HttpOutcome.OfAsync(answer, stop);
}
