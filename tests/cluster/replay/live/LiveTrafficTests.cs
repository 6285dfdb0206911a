using System.Net;
using System.Text;
using Pressure.Record;
using Pressure.TestKit;
using Pressure.TrafficCopy;

namespace Pressure.Cluster.Tests;

/// <summary>What passes at several sources becomes one sequence, each request due a delay after it happened.</summary>
public sealed class LiveTrafficTests : IDisposable
{
    private readonly FakeTime _time = new();
    private readonly FakeSource[] _sources = [new("web1"), new("web2")];
    private readonly LiveTraffic _traffic;

    public LiveTrafficTests()
    {
        _traffic = new LiveTraffic(_sources, TimeSpan.FromSeconds(2), _time);
        _traffic.Listen(TimeSpan.Zero, TestContext.Current.CancellationToken);
    }

    public void Dispose() => _traffic.Dispose();

    [Fact]
    public void Requests_of_all_sources_come_by_the_moments_at_which_they_happened_not_as_they_arrived()
    {
        Advance(1_000);
        _sources[0].Take(Get(1, 0, Now - 100, "/late"));
        _sources[1].Take(Get(1, 0, Now - 900, "/early"));
        _sources[1].Take(Get(2, 0, Now - 50, "/latest"));
        Assert.Null(_traffic.Next());
        Advance(2_000);
        Assert.Equal(["/early 1 100", "/late 0 900", "/latest 1 950"], Drain().Select(i => $"{Path(i)} {i.Source} {(i.Due - 2_000_000_000 - Start) / 1_000_000}"));
    }

    [Fact]
    public void Nothing_is_handed_out_more_than_a_moment_before_it_is_due()
    {
        _sources[0].Take(Get(1, 0, Now, "/a"));
        Advance(1_899);
        Assert.Null(_traffic.Next());
        Advance(1);
        Assert.Equal("/a", Path(_traffic.Next()!));
    }

    [Fact]
    public void Whatever_a_hosts_clock_does_nothing_is_due_before_it_came_or_later_than_the_delay_and_a_connection_keeps_its_order()
    {
        Advance(10_000_000);
        _sources[0].Take(Get(1, 0, Now + 3_600_000, "/a"));
        _sources[0].Take(Get(1, 1, Now - 3_600_000, "/b"));
        _sources[0].Take(Get(2, 0, Now - 3_600_000, "/c"));
        var now = Now;
        Advance(2_000);
        var items = Drain();
        Assert.Equal(["/c 0", "/a 2000", "/b 2000"], items.Select(i => $"{Path(i)} {(i.Due - Start) / 1_000_000 - now}"));
        Assert.Equal(2, _traffic.Intakes[0].Late);
    }

    [Fact]
    public void A_connections_end_comes_behind_its_last_request()
    {
        _sources[0].Take(Get(7, 0, Now, "/a"));
        _sources[0].End(7);
        _sources[0].End(8);
        Advance(2_000);
        Assert.Equal(["7 /a", "7 end"], Drain().Select(i => $"{i.Connection} {(i.Exchange is null ? "end" : Path(i))}"));
    }

    [Fact]
    public void What_a_run_has_sent_itself_is_not_replayed_again()
    {
        _sources[0].Take(Get(1, 0, Now, "/a", "X-Pressure-Run: 1\r\n"));
        Advance(2_000);
        Assert.Empty(Drain());
        Assert.Equal((1, 1), (_traffic.Intakes[0].Own, _traffic.Intakes[0].Exchanges));
    }

    [Fact]
    public void Of_too_much_the_newest_is_dropped_and_counted()
    {
        for (var i = 0; i < 100; i++)
            _sources[i % 2].Take(Get(1, i, Now, $"/{i}", body: 1 << 20));
        Advance(2_000);
        var items = Drain();
        Assert.InRange(items.Count, 60, 64);
        Assert.Equal(Enumerable.Range(0, items.Count).Select(i => $"/{i}"), items.Select(Path));
        Assert.Equal(100 - items.Count, _traffic.Intakes.Sum(i => i.Dropped));
    }

    [Fact]
    public void Connections_that_never_end_are_forgotten_in_the_order_of_their_silence()
    {
        var known = new LiveConnections(most: 2);
        known.Next(0, 1, 10, out _);
        known.Next(0, 2, 20, out _);
        known.Next(0, 1, 30, out var none);
        known.Next(1, 1, 40, out var forgotten);
        Assert.Null(none);
        Assert.Equal((0, 2L, 20L), forgotten);
        Assert.Equal((2, 30L), (known.Count, known.Next(0, 1, 5, out _)));
    }

    [Fact]
    public void It_is_over_when_all_sources_have_ended_and_nothing_waits()
    {
        _sources[0].Take(Get(1, 0, Now, "/a"));
        foreach (var source in _sources)
            source.Standing = source.Standing with { Ended = true };
        Assert.False(_traffic.IsOver);
        Advance(2_000);
        Drain();
        Assert.True(_traffic.IsOver);
    }

    [Fact]
    public void Silence_the_end_of_it_and_the_end_of_a_source_are_told_once_each()
    {
        var watch = new LiveWatch(_traffic);
        Assert.Empty(watch.Look(default));
        _sources[0].Take(Get(1, 0, Now, "/a"));
        Advance(9_000);
        Assert.Empty(watch.Look(default));
        Advance(2_000);
        Assert.IsType<TimelineEvent.SourceSilent>(Assert.Single(watch.Look(default)));
        Assert.Empty(watch.Look(default));
        _sources[0].Take(Get(1, 1, Now, "/b"));
        Assert.IsType<TimelineEvent.SourceHeard>(Assert.Single(watch.Look(default)));
        _sources[1].Standing = new(0, 0, 0, "the agent has gone", Ended: false);
        Assert.Equal("No traffic comes from web2: the agent has gone", Assert.Single(watch.Look(default)).Detail);
        _sources[1].Standing = new(0, 0, 0, "gone for good", Ended: true);
        Assert.Equal("The traffic from web2 has ended: gone for good", Assert.Single(watch.Look(default)).Detail);
        Assert.Empty(watch.Look(default));
        Assert.Equal((1, 1), (watch.Silences(0), watch.Silences(1)));
    }

    private static long Start => (new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero) - DateTimeOffset.UnixEpoch).Ticks * 100;

    // Milliseconds since the beginning.
    private long Now => (long)_time.GetElapsedTime(0).TotalMilliseconds;

    private void Advance(int milliseconds) => _time.Advance(TimeSpan.FromMilliseconds(milliseconds));

    private List<LiveItem> Drain()
    {
        var items = new List<LiveItem>();
        while (_traffic.Next() is { } item)
            items.Add(item);
        return items;
    }

    private static string Path(LiveItem item) => Encoding.ASCII.GetString(new HttpHead(item.Exchange!.Request.Head.Span).Target);

    private static CapturedExchange Get(long connection, int order, long at, string path, string field = "", int body = 0) => new()
    {
        Connection = connection,
        Order = order,
        At = Start + at * 1_000_000,
        RequestEnd = Start + at * 1_000_000,
        Client = new(IPAddress.Loopback, 40_000),
        Server = new(IPAddress.Loopback, 80),
        Request = new(Encoding.ASCII.GetBytes($"GET {path} HTTP/1.1\r\nHost: x\r\n{field}"), new byte[body], body),
    };

    private sealed class FakeSource(string name) : ILiveSource
    {
        private IExchangeSink? _to;

        public string Name => name;

        public LiveStanding Standing { get; set; }

        public void Start(IExchangeSink to) => _to = to;

        public void Stop()
        {
        }

        public void Dispose()
        {
        }

        public void Take(CapturedExchange exchange) => _to!.Take(exchange);

        public void End(long connection) => _to!.EndConnection(connection, 0);
    }
}
