using System.Net.Http.Headers;
using System.Text;

namespace Pressure.Reports.Export;

/// <summary>Writes points to InfluxDB or what speaks like it: <c>/write?db=</c> (1.x) or <c>/api/v2/write?org=&amp;bucket=</c>.</summary>
internal sealed class InfluxFormat(Uri url, (string Name, string Value)? header) : IPointFormat
{
    public HttpRequestMessage Request(IReadOnlyList<MetricPoint> points)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, url)
        {
            Content = Zipped.Content(to =>
            {
                using var text = new StreamWriter(to, new UTF8Encoding(false));
                LineProtocol.Write(text, points);
            }),
        };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("text/plain") { CharSet = "utf-8" };
        if (header is var (name, value))
            request.Headers.TryAddWithoutValidation(name, value);
        return request;
    }

    public async Task<SendOutcome> ReadAsync(HttpResponseMessage answer, CancellationToken stop) =>
        answer.IsSuccessStatusCode ? new SendOutcome.Taken() : await HttpOutcome.OfAsync(answer, stop);
}
