namespace Pressure.TrafficCopy.Tests;

public class LiveExchangesTests
{
    private readonly FakeTime _time = new();

    private static CapturedExchange Exchange(long at, int order = 0, long connection = 1, int body = 0) =>
        new() { At = at, Order = order, Connection = connection, Request = new CapturedMessage(new byte[100], new byte[body], body) };

    [Fact]
    public async Task What_comes_is_handed_out_by_its_beginning_after_a_while()
    {
        using var live = new LiveExchanges("lo", _time);
        live.Take(Exchange(30));
        live.Take(Exchange(10));
        live.Take(Exchange(20));
        using var reader = live.ByTime().GetEnumerator();
        var next = Task.Run(reader.MoveNext, TestContext.Current.CancellationToken);
        await Task.Delay(60, TestContext.Current.CancellationToken);
        Assert.False(next.IsCompleted);

        _time.Advance(TimeSpan.FromSeconds(1));

        Assert.True(await next);
        Assert.Equal(10, reader.Current.At);
        Assert.True(reader.MoveNext());
        Assert.Equal(20, reader.Current.At);
        Assert.True(reader.MoveNext());
        Assert.Equal(30, reader.Current.At);
    }

    [Fact]
    public void At_the_end_what_waits_is_handed_out_at_once_and_nothing_more_is_taken()
    {
        using var live = new LiveExchanges("lo", _time);
        live.Take(Exchange(30));
        live.Take(Exchange(10));
        live.Complete();
        live.Take(Exchange(5));

        Assert.Equal([10L, 30], live.ByTime().Select(e => e.At));
        Assert.Equal((1, 0), (live.Dropped, live.WaitingBytes));
        Assert.Equal((2, 10, 30, true), (live.Info.Exchanges, live.Info.FirstAt, live.Info.LastAt, live.Info.IsComplete));
    }

    [Fact]
    public void Those_of_a_connection_with_the_same_time_keep_their_order()
    {
        using var live = new LiveExchanges("lo", _time);
        for (var i = 0; i < 100; i++)
            live.Take(Exchange(7, order: i));
        live.Complete();

        Assert.Equal(Enumerable.Range(0, 100), live.ByTime().Select(e => e.Order));
    }

    [Fact]
    public void A_reader_that_is_behind_costs_the_newest_and_no_memory()
    {
        using var live = new LiveExchanges("lo", _time, maxBytes: 100_000);
        for (var i = 0; i < 1_000; i++)
            live.Take(Exchange(i, body: 1_000));

        Assert.InRange(live.WaitingBytes, 90_000, 100_000);
        live.Complete();
        var read = live.ByTime().ToList();
        Assert.Equal(1_000, read.Count + live.Dropped);
        Assert.Equal(Enumerable.Range(0, read.Count).Select(i => (long)i), read.Select(e => e.At));
    }

    [Fact]
    public void What_is_handed_out_lasts_whatever_its_maker_does()
    {
        using var live = new LiveExchanges("lo", _time);
        var bytes = "GET /a HTTP/1.1\r\n"u8.ToArray();
        live.Take(new CapturedExchange { At = 1, Request = new CapturedMessage(bytes, default, 0) });
        bytes.AsSpan().Clear();
        live.Complete();

        Assert.Equal("GET /a HTTP/1.1\r\n"u8.ToArray(), live.ByTime().Single().Request.Head.ToArray());
    }
}
