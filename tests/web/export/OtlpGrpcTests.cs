using System.Buffers.Binary;
using System.IO.Compression;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Pressure.Record;
using Pressure.Reports.Export;

namespace Pressure.Web.Tests.Export;

/// <summary>OpenTelemetry over gRPC, against a server that speaks HTTP/2 only.</summary>
public sealed class OtlpGrpcTests
{
    [Theory(Timeout = 60_000)]
    [InlineData("0", 1, true)]
    [InlineData("14", 2, true)] // Unavailable, and then well.
    [InlineData("3", 1, false)] // Invalid argument.
    public async Task A_batch_is_one_message_and_the_trailers_tell_what_came_of_it(string firstStatus, int requests, bool arrives)
    {
        var bodies = new List<byte[]>();
        await using var collector = await CollectorAsync(bodies, n => n == 1 ? firstStatus : "0");
        var (target, problem) = ExportTarget.Parse($"otlp-grpc={collector.Urls.Single()}", _ => "x-api-key: secret");
        Assert.Null(problem);
        await using var export = MetricExport.To([target!], TimeProvider.System);
        var run = Run();
        var tap = export.Open(run);
        var second = new Interval(0, 0, 1);
        second.Requests[0].Sent = 42;

        tap.Take(second);
        await tap.EndAsync();

        var counts = Assert.Single(tap.Counts);
        Assert.True(arrives == counts is { Dropped: 0, Sent: > 0 }, counts.ToString());
        Assert.True(!arrives == counts is { Dropped: > 0, Sent: 0 }, counts.ToString());
        Assert.Equal(requests, bodies.Count);
        Assert.All(bodies, b => Assert.True(b.AsSpan().IndexOf("http_reqs_asked"u8) > 0));
    }

    private static async Task<WebApplication> CollectorAsync(List<byte[]> bodies, Func<int, string> status)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(k => k.Listen(IPAddress.Loopback, 0, l => l.Protocols = HttpProtocols.Http2));
        var app = builder.Build();
        app.Run(async context =>
        {
            Assert.Equal("/opentelemetry.proto.collector.metrics.v1.MetricsService/Export", context.Request.Path);
            Assert.Equal(("application/grpc", "gzip", "secret"), (context.Request.ContentType, context.Request.Headers["grpc-encoding"].ToString(), context.Request.Headers["x-api-key"].ToString()));
            using var framed = new MemoryStream();
            await context.Request.Body.CopyToAsync(framed);
            var bytes = framed.ToArray();
            Assert.Equal(1, bytes[0]);
            Assert.Equal(bytes.Length - 5, BinaryPrimitives.ReadInt32BigEndian(bytes.AsSpan(1)));
            using var message = new MemoryStream();
            await using (var zip = new GZipStream(new MemoryStream(bytes, 5, bytes.Length - 5), CompressionMode.Decompress))
                await zip.CopyToAsync(message);
            bodies.Add(message.ToArray());
            context.Response.ContentType = "application/grpc";
            context.Response.AppendTrailer("grpc-status", status(bodies.Count));
            context.Response.AppendTrailer("grpc-message", "said%20so");
            await context.Response.Body.WriteAsync(new byte[5]);
        });
        await app.StartAsync();
        return app;
    }

    private static RunManifest Run() => new()
    {
        Id = "r",
        Name = "r",
        Target = "http://127.0.0.1/",
        StartedAt = DateTimeOffset.UnixEpoch.AddDays(20_000),
        Version = "0",
        Duration = TimeSpan.FromSeconds(1),
        Load = new LoadManifest { Kind = "rate", Segments = [], Arrivals = "uniform", Total = 1 },
        Requests = [new RequestManifest("n", "s", "GET", "http://127.0.0.1/", "127.0.0.1", 1)],
    };
}
