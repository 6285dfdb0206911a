using Pressure.Reports.Export;
using Pressure.TestKit;

namespace Pressure.Reports.Tests.Export;

/// <summary>Field numbers are those of opentelemetry-proto's metrics.proto.</summary>
public sealed class OtlpTests
{
    private static readonly long Nanoseconds = (Points.At.UtcTicks - DateTimeOffset.UnixEpoch.UtcTicks) * 100;

    [Fact]
    public void Counts_are_deltas_over_their_second()
    {
        var metric = Metric("http_reqs", Points.Count(7, ("run", "r"), ("name", "商品")));

        var sum = metric.Message(7);
        Assert.Equal((1, 1), (sum.Number(2), sum.Number(3)));
        var point = sum.Message(1);
        Assert.Equal((Nanoseconds, Nanoseconds + 1_000_000_000, 7), (point.Number(2), point.Number(3), point.Number(6)));
        Assert.Equal(["run=r", "name=商品"], Attributes(point, 7));
    }

    [Fact]
    public void Shares_are_two_counts()
    {
        var share = Points.Of(new MetricValue.Share(1, 4));

        Assert.Equal(1, Metric("http_req_failed", share).Message(7).Message(1).Number(6));
        Assert.Equal(4, Metric("http_req_failed.base", share).Message(7).Message(1).Number(6));
    }

    [Fact]
    public void Gauges_are_real_numbers_at_a_moment()
    {
        var metric = Metric("host_memory_used", Points.Gauge(0.5, ("host", "h")));

        Assert.Equal("By", metric.Text(3));
        var point = metric.Message(5).Message(1);
        Assert.Equal((Nanoseconds, 0.5), (point.Number(3), point.Real(4)));
        Assert.False(point.Has(2));
    }

    [Fact]
    public void Durations_are_histograms_whose_buckets_hold_all()
    {
        var metric = Metric("http_req_duration", Points.Times(0.5, 3, 3, 70_000));

        Assert.Equal("ms", metric.Text(3));
        Assert.Equal(1, metric.Message(9).Number(2));
        var point = metric.Message(9).Message(1);
        Assert.Equal(4, point.Number(4));
        Assert.InRange(point.Real(5), 69_936, 70_076);
        Assert.Equal([1, 0, 2, .. Enumerable.Repeat(0L, 12), 1], point.Packed(6));
        Assert.Equal(TimeFigures.Bounds, point.Packed(7).Select(BitConverter.Int64BitsToDouble));
        Assert.InRange(point.Real(11), 0.499, 0.501);
        Assert.InRange(point.Real(12), 69_930, 70_070);
        Assert.Equal(["run=r", "name=n"], Attributes(point, 9));
    }

    [Fact]
    public void One_collection_is_a_histogram_of_one()
    {
        var point = Metric("gc_pause", Points.Of(new MetricValue.Lasted(TimeSpan.FromMilliseconds(7)), ("host", "h"))).Message(9).Message(1);

        Assert.Equal((1, 7.0), (point.Number(4), point.Real(5)));
        Assert.Equal(3, point.Packed(6).ToList().IndexOf(1));
    }

    [Fact]
    public async Task Over_HTTP_a_receiver_gets_all_and_what_it_rejects_is_counted()
    {
        await using var receiver = new HttpReceiver();
        // partial_success { rejected_data_points: 2, error_message: "too old" }
        receiver.Body = [0x0a, 0x0b, 0x08, 0x02, 0x12, 0x07, .. "too old"u8];
        receiver.Answer = (_, _) => Task.FromResult(200);
        var (target, problem) = ExportTarget.Parse($"otlp={receiver.Url}", v => v == "PRESSURE_OTLP_TOKEN" ? "abc" : null);
        Assert.Null(problem);
        await using var sink = target!.Open(new SinkLimits(), TimeProvider.System);
        var account = new ExportAccount();

        sink.Offer(Points.Many(10), account);
        await sink.CloseAsync(account);

        Assert.Equal((8, 2), (account.Sent, account.Dropped));
        Assert.Contains("too old", sink.State.Problem, StringComparison.Ordinal);
        var request = Assert.Single(receiver.Requests);
        Assert.Equal("/v1/metrics", request.Path);
        Assert.Equal("application/x-protobuf", request.Headers["Content-Type"]);
        Assert.Equal("Bearer abc", request.Headers["Authorization"]);
        Assert.Equal(Enumerable.Range(0, 10).Select(i => (long)i), Metrics(request.Body).Single().Message(7).Messages(1).Select(p => p.Number(6)));
    }

    private static ProtoMessage Metric(string name, params MetricPoint[] points) => Metrics(OtlpMessage.Write(points)).Single(m => m.Text(1) == name);

    private static IEnumerable<ProtoMessage> Metrics(byte[] message)
    {
        var resource = new ProtoMessage(message).Message(1);
        Assert.Equal(["service.name=pressure"], Attributes(resource.Message(1), 1));
        Assert.Equal("pressure", resource.Message(2).Message(1).Text(1));
        return resource.Message(2).Messages(2);
    }

    private static IEnumerable<string> Attributes(ProtoMessage of, int field) => of.Messages(field).Select(a => $"{a.Text(1)}={a.Message(2).Text(1)}");
}
