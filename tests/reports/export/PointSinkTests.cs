using System.Net;
using System.Net.Sockets;
using Pressure.Reports.Export;
using Pressure.TestKit;

namespace Pressure.Reports.Tests.Export;

/// <summary>A sink that hangs, refuses, is slow or gone: whoever offers points never waits, and every point is accounted for.</summary>
public sealed class PointSinkTests
{
    private static readonly SinkLimits Quick = new()
    {
        Linger = TimeSpan.FromMilliseconds(1),
        FirstPause = TimeSpan.FromMilliseconds(1),
        LongestPause = TimeSpan.FromMilliseconds(5),
        Patience = TimeSpan.FromSeconds(30),
    };

    [Fact]
    public async Task Points_are_sent_in_order_and_zipped_and_counted()
    {
        await using var receiver = new HttpReceiver();
        await using var sink = Open(receiver.Url, Quick with { Batch = 30 });
        var account = new ExportAccount();

        for (var i = 0; i < 10; i++)
            sink.Offer(Points.Many(10), account);
        await sink.CloseAsync(account);

        Assert.Equal((100, 0), (account.Sent, account.Dropped));
        Assert.Equal((100, 0, 0), (sink.State.Sent, sink.State.Dropped, sink.State.Waiting));
        Assert.All(receiver.Requests, r => Assert.Equal(("gzip", "/write?db=x"), (r.Headers["Content-Encoding"], r.Path)));
        Assert.All(receiver.Requests, r => Assert.InRange(r.Text.Count(c => c == '\n'), 1, 30));
        Assert.Equal(100, receiver.Requests.Sum(r => r.Text.Count(c => c == '\n')));
    }

    [Theory]
    [InlineData(500)]
    [InlineData(503)]
    [InlineData(429)]
    public async Task What_may_go_better_later_is_sent_again_and_then_all_is_well(int status)
    {
        await using var receiver = new HttpReceiver();
        receiver.Answer = (_, _) => Task.FromResult(receiver.Requests.Count <= 3 ? status : 204);
        await using var sink = Open(receiver.Url, Quick);
        var account = new ExportAccount();

        sink.Offer(Points.Many(10), account);
        await sink.CloseAsync(account);

        Assert.Equal((10, 0), (account.Sent, account.Dropped));
        Assert.Equal(4, receiver.Requests.Count);
        Assert.Single(receiver.Requests.Select(r => r.Text).Distinct());
        Assert.Null(sink.State.Problem);
    }

    [Fact]
    public async Task What_fails_again_and_again_is_dropped_after_so_many_tries()
    {
        await using var receiver = new HttpReceiver { Answer = (_, _) => Task.FromResult(500) };
        await using var sink = Open(receiver.Url, Quick with { Tries = 3 });
        var account = new ExportAccount();

        sink.Offer(Points.Many(10), account);
        await sink.CloseAsync(account);

        Assert.Equal((0, 10), (account.Sent, account.Dropped));
        Assert.Equal(3, receiver.Requests.Count);
        Assert.NotNull(sink.State.FailingSince);
    }

    [Fact]
    public async Task What_is_refused_is_not_sent_again()
    {
        await using var receiver = new HttpReceiver { Answer = (_, _) => Task.FromResult(400), Body = [.. "no such\0database"u8] };
        await using var sink = Open(receiver.Url, Quick);
        var account = new ExportAccount();

        sink.Offer(Points.Many(10), account);
        await sink.CloseAsync(account);

        Assert.Equal((0, 10), (account.Sent, account.Dropped));
        Assert.Single(receiver.Requests);
        Assert.Equal("it answered 400: no such database", sink.State.Problem);
    }

    [Fact]
    public async Task Where_nothing_listens_all_is_dropped_and_the_reason_kept()
    {
        await using var sink = Open(new Uri($"http://127.0.0.1:{ServerProcess.FreePort()}/"), Quick with { Tries = 2 });
        var account = new ExportAccount();

        sink.Offer(Points.Many(10), account);
        await sink.CloseAsync(account);

        Assert.Equal((0, 10), (account.Sent, account.Dropped));
        Assert.Contains("refused", sink.State.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_sink_that_hangs_fills_its_queue_and_no_more_and_its_end_waits_no_longer_than_its_patience()
    {
        await using var receiver = new HttpReceiver { Answer = async (_, stop) => await Task.Delay(Timeout.Infinite, stop).ContinueWith(_ => 200, TaskScheduler.Default) };
        await using var sink = Open(receiver.Url, Quick with { MostWaiting = 100, Patience = TimeSpan.FromMilliseconds(50) });
        var account = new ExportAccount();

        for (var i = 0; i < 1_000; i++)
            sink.Offer(Points.Many(10), account);
        var (waiting, dropped) = (sink.State.Waiting, account.Dropped);
        await sink.CloseAsync(account);
        sink.Offer(Points.Many(10), account);

        Assert.Equal((100, 9_900), (waiting, dropped));
        Assert.Equal((0, 10_000), (account.Sent, account.Dropped));
        Assert.Equal((0, 10_000), (sink.State.Sent, sink.State.Dropped));
    }

    [Fact]
    public async Task A_sink_that_hangs_once_does_not_hold_up_the_next_run_for_ever()
    {
        var hangs = true;
        await using var receiver = new HttpReceiver
        {
            Answer = async (_, stop) =>
            {
                if (Volatile.Read(ref hangs))
                    await Task.Delay(Timeout.Infinite, stop);
                return 204;
            },
        };
        await using var sink = Open(receiver.Url, Quick with { Timeout = TimeSpan.FromMilliseconds(200), Patience = TimeSpan.FromMilliseconds(1) });
        var (first, second) = (new ExportAccount(), new ExportAccount());
        sink.Offer(Points.Many(10), first);
        await receiver.FirstAsync(_ => true, TestContext.Current.CancellationToken);
        await sink.CloseAsync(first);
        Volatile.Write(ref hangs, false);

        sink.Offer(Points.Many(7), second);
        while (second.Sent < 7)
            await Task.Delay(10, TestContext.Current.CancellationToken);

        Assert.Equal((0, 10), (first.Sent, first.Dropped));
        Assert.Equal((7, 10, 0), (sink.State.Sent, sink.State.Dropped, sink.State.Waiting));
    }

    [Fact]
    public async Task A_sink_that_answers_nonsense_is_a_failing_sink()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var nonsense = SayAsync(listener);
        await using var sink = Open(new Uri($"http://{listener.LocalEndpoint}/"), Quick with { Tries = 2 });
        var account = new ExportAccount();

        sink.Offer(Points.Many(10), account);
        await sink.CloseAsync(account);

        Assert.Equal((0, 10), (account.Sent, account.Dropped));
        listener.Stop();
        await Assert.ThrowsAnyAsync<Exception>(() => nonsense);
    }

    private static async Task SayAsync(TcpListener listener)
    {
        while (true)
        {
            using var one = await listener.AcceptTcpClientAsync(TestContext.Current.CancellationToken);
            await one.GetStream().WriteAsync("what?\r\n\r\n"u8.ToArray(), TestContext.Current.CancellationToken);
        }
    }

    private static PointSink Open(Uri url, SinkLimits limits)
    {
        var (target, problem) = ExportTarget.Parse($"influx={url}write?db=x", _ => null);
        Assert.Null(problem);
        return target!.Open(limits, TimeProvider.System);
    }
}
