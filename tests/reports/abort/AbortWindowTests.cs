using Pressure.Record;

namespace Pressure.Reports.Tests;

public class AbortWindowTests
{
    private static readonly RequestManifest[] Requests = [new("home", "s", "GET", "http://h/", "shop", 0.5), new("buy", "s", "POST", "http://h/buy", "shop", 0.5)];

    private static AbortWindow Window(string metric, string expression, int over, int after = 0)
    {
        Assert.True(Threshold.TryParse(metric, expression, out var when, out var error), error);
        return new(new(when!, TimeSpan.FromSeconds(over), TimeSpan.FromSeconds(after)), Requests);
    }

    private static Interval Second(int second, long ok, long failed = 0, double milliseconds = 10, int request = 0)
    {
        var interval = new Interval(0, second, Requests.Length);
        var r = interval.Requests[request];
        (r.Asked, r.Sent, r.Ok, r.Failed) = (ok + failed, ok + failed, ok, failed);
        r.ResponseTime.Record(TimeSpan.FromMilliseconds(milliseconds), ok + failed);
        interval.IterationsDropped = failed;
        return interval;
    }

    /// <summary>The second in which the rule came true, -1 if it never did.</summary>
    private static int FiredIn(AbortWindow window, IEnumerable<Interval> seconds)
    {
        foreach (var second in seconds)
        {
            if (window.Add(second, []) is { } aborted)
            {
                Assert.Equal(TimeSpan.FromSeconds(second.Second + 1), aborted.At);
                return second.Second;
            }
        }
        return -1;
    }

    [Fact]
    public void It_fires_when_the_share_over_the_window_is_crossed_and_not_for_one_bad_second()
    {
        // Over 4 s: one bad second is 25 %, two are 50 %, three are 75 %.
        static IEnumerable<Interval> Bad(int from, int count) => Enumerable.Range(0, 20).Select(s => s >= from && s < from + count ? Second(s, 0, 10) : Second(s, 10));
        Assert.Equal(-1, FiredIn(Window("http_req_failed", "rate > 50%", 4), Bad(8, 2)));
        Assert.Equal(10, FiredIn(Window("http_req_failed", "rate > 50%", 4), Bad(8, 3)));
        Assert.Equal(9, FiredIn(Window("http_req_failed", "rate >= 50%", 4), Bad(8, 3)));
    }

    [Fact]
    public void A_percentile_is_that_of_all_requests_of_the_window_and_what_left_the_window_counts_no_more()
    {
        var window = Window("http_req_duration", "p(95) > 100ms", 3);
        // 1 of 100 slow ones a second: never 5 %. Then a second that is slow as a whole, of few requests: 10 of 208 in the window are 4.8 %.
        Assert.Null(window.Add(Second(0, 99), []));
        Assert.Null(window.Add(Second(1, 99), []));
        Assert.Null(window.Add(Second(2, 10, milliseconds: 500), []));
        // The first fast second leaves: 10 of 119.
        var fired = window.Add(Second(3, 10), []);
        Assert.Equal(("http_req_duration", "p(95) > 100ms", "500 ms", TimeSpan.FromSeconds(3)), (fired!.Metric, fired.Expression, fired.Actual, fired.Over));
    }

    [Fact]
    public void Nothing_is_looked_at_before_the_delay_and_before_the_window_is_full()
    {
        static IEnumerable<Interval> Broken() => Enumerable.Range(0, 60).Select(s => Second(s, 0, 10));
        Assert.Equal(9, FiredIn(Window("http_req_failed", "rate > 50%", 10), Broken()));
        Assert.Equal(29, FiredIn(Window("http_req_failed", "rate > 50%", 10, after: 30), Broken()));
        Assert.Equal(0, FiredIn(Window("http_req_failed", "rate > 50%", 1), Broken()));
    }

    [Fact]
    public void Only_the_requests_that_the_tags_mean_are_looked_at()
    {
        static IEnumerable<Interval> BuyingFails() => Enumerable.Range(0, 10).Select(s => Second(s, 0, 10, request: 1));
        Assert.Equal(-1, FiredIn(Window("http_req_failed{name:home}", "rate > 50%", 2), BuyingFails()));
        Assert.Equal(1, FiredIn(Window("http_req_failed{name:buy}", "rate > 50%", 2), BuyingFails()));
    }

    [Fact]
    public void A_window_in_which_nothing_ended_says_nothing() =>
        Assert.Equal(-1, FiredIn(Window("http_req_duration", "p(95) < 1s", 2), Enumerable.Range(0, 10).Select(s => Second(s, 0))));

    [Fact]
    public void Counts_and_rates_are_those_of_the_window()
    {
        Assert.Equal(5, FiredIn(Window("dropped_iterations", "count > 20", 3), Enumerable.Range(0, 10).Select(s => Second(s, 10, s >= 3 ? 10 : 0))));
        Assert.Equal(5, FiredIn(Window("http_reqs", "rate < 5", 2), Enumerable.Range(0, 10).Select(s => Second(s, s < 4 ? 10 : 1))));
    }

    [Fact]
    public void The_CPU_of_the_hosts_is_that_of_the_windows_samples()
    {
        var window = Window("host_cpu", "avg > 90%", 2);
        Assert.Null(window.Add(Second(0, 1), [Host(0.5)]));
        Assert.Null(window.Add(Second(1, 1), [Host(1)]));
        Assert.Equal("97.5 %", window.Add(Second(2, 1), [Host(0.95)])!.Actual);
        Assert.Null(Window("host_cpu", "avg > 90%", 1).Add(Second(0, 1), []));
    }

    [Fact]
    public void A_window_of_an_hour_keeps_sixty_slots_and_moves_on_minute_by_minute()
    {
        static IEnumerable<Interval> Broken() => Enumerable.Range(0, 4000).Select(s => Second(s, s < 1830 ? 1 : 0, s < 1830 ? 0 : 1));
        // Half of an hour's seconds have failed when second 1830 + 1800 is over, told at the next full minute.
        Assert.Equal(1830 + 1800 + 30 - 1, FiredIn(Window("http_req_failed", "rate > 50%", 3600), Broken()));
    }

    private static HostSample Host(double busy) => new()
    {
        Host = "local",
        At = TimeSpan.Zero,
        Cores = 2,
        Cpu = new(busy, 0, 0, 0),
        Load = new(0, 0, 0),
        MemoryTotal = 100,
        MemoryUsed = 50,
        Network = new(0, 0),
        Disk = new(0, 0),
        Sockets = 0,
    };
}
