using System.Buffers.Binary;
using System.Net;
using System.Net.Http.Headers;

namespace Pressure.Reports.Export;

/// <summary>OpenTelemetry's protocol over gRPC: one message each way over HTTP/2, its outcome in the trailers.</summary>
internal sealed class OtlpGrpcFormat(Uri url, (string Name, string Value)? header) : IPointFormat
{
    private const int PrefixLength = 5;

    // Cancelled, deadline exceeded, resource exhausted, aborted, out of range, unavailable, data loss: as OTLP's specification lists them.
    private static readonly string[] NotNow = ["1", "4", "8", "10", "11", "14", "15"];

    public HttpRequestMessage Request(IReadOnlyList<MetricPoint> points)
    {
        var message = Zipped.Bytes(to => to.Write(OtlpMessage.Write(points)));
        var framed = new byte[PrefixLength + message.Length];
        framed[0] = 1; // It is compressed.
        BinaryPrimitives.WriteInt32BigEndian(framed.AsSpan(1), message.Length);
        message.CopyTo(framed, PrefixLength);
        var request = new HttpRequestMessage(HttpMethod.Post, new Uri(url, "/opentelemetry.proto.collector.metrics.v1.MetricsService/Export"))
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = new ByteArrayContent(framed),
        };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/grpc");
        request.Headers.TE.Add(new TransferCodingWithQualityHeaderValue("trailers"));
        request.Headers.TryAddWithoutValidation("grpc-encoding", "gzip");
        if (header is var (name, value))
            request.Headers.TryAddWithoutValidation(name.ToLowerInvariant(), value);
        return request;
    }

    public async Task<SendOutcome> ReadAsync(HttpResponseMessage answer, CancellationToken stop)
    {
        if (!answer.IsSuccessStatusCode)
            return await HttpOutcome.OfAsync(answer, stop);
        var framed = await HttpOutcome.StartAsync(answer, stop);
        // Trailers come behind the body; a server that has nothing but them sends them as headers.
        var status = Trailer(answer, "grpc-status");
        if (status == "0")
            return framed is [0, _, _, _, _, ..] ? OtlpAnswer.Read(framed.AsSpan(PrefixLength)) : new SendOutcome.Taken();
        var words = Trailer(answer, "grpc-message") is { Length: > 0 } said ? ": " + new MetricTag("", Uri.UnescapeDataString(said)).Value : "";
        var why = status is null ? "it does not answer as gRPC does" : $"it answered with gRPC status {status}{words}";
        return NotNow.Contains(status) ? new SendOutcome.NotNow(why) : new SendOutcome.Refused(why);
    }

    private static string? Trailer(HttpResponseMessage answer, string name) =>
        answer.TrailingHeaders.TryGetValues(name, out var values) || answer.Headers.TryGetValues(name, out values) ? values.FirstOrDefault() : null;
}
