using Pressure.Record;

namespace Pressure.Reports.Tests;

public class RecentFiguresTests
{
    private static readonly RequestManifest[] Requests =
    [
        new("item", "browse", "GET", "http://127.0.0.1:1/item", "item", 0.5),
        new("order", "buy", "POST", "http://127.0.0.1:1/order", "trade", 0.5),
    ];

    [Fact]
    public void Nothing_is_known_before_the_first_second() => Assert.Null(new RecentFigures(Requests).Value("http_reqs", "count", TimeSpan.FromSeconds(5)));

    [Fact]
    public void Only_the_window_counts_and_tags_narrow_it()
    {
        var recent = new RecentFigures(Requests);
        for (var second = 0; second < 10; second++)
            recent.Take(Second(second, failedItems: second >= 8 ? 5 : 0), []);

        Assert.Equal(0.5, recent.Value("http_req_failed{name:item}", "rate", TimeSpan.FromSeconds(2)));
        Assert.Equal(0, recent.Value("http_req_failed{name:order}", "rate", TimeSpan.FromSeconds(2)));
        Assert.Equal(0.1, recent.Value("http_req_failed{name:item}", "rate", TimeSpan.FromSeconds(10)));
        Assert.Equal(20, recent.Value("http_reqs", "rate", TimeSpan.FromSeconds(3)));
        Assert.Equal(60, recent.Value("http_reqs", "count", TimeSpan.FromSeconds(2.5)));
        Assert.InRange(recent.Value("http_req_duration", "p(95)", TimeSpan.FromSeconds(1))!.Value, 19.9, 20.1);
    }

    [Theory]
    [InlineData("http_req_faild", "rate")]
    [InlineData("http_req_failed", "p(95)")]
    [InlineData("host_cpu", "avg")]
    public void What_is_no_metric_or_was_not_measured_has_no_figure(string metric, string aggregation)
    {
        var recent = new RecentFigures(Requests);
        recent.Take(Second(0, 0), []);
        Assert.Null(recent.Value(metric, aggregation, TimeSpan.FromSeconds(1)));
    }

    private static Interval Second(int second, int failedItems)
    {
        var interval = new Interval(0, second, 2);
        foreach (var request in interval.Requests)
        {
            (request.Asked, request.Sent, request.Ok) = (10, 10, 10);
            request.ResponseTime.Record(TimeSpan.FromMilliseconds(20), 10);
        }
        (interval.Requests[0].Ok, interval.Requests[0].Failed) = (10 - failedItems, failedItems);
        return interval;
    }
}
