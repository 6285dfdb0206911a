using Pressure.Reports.Export;
using Pressure.TestKit;

namespace Pressure.Reports.Tests.Export;

public sealed class ScrapedSeriesTests
{
    private readonly FakeTime _time = new();

    [Fact]
    public void Counts_add_up_gauges_are_the_newest_durations_in_seconds()
    {
        var series = new ScrapedSeries(_time);
        series.Take([Points.Count(3, ("run", "r")), Points.Gauge(5, ("host", "h")), Points.Of(new MetricValue.Share(1, 4)), Points.Of(new MetricValue.Lasted(TimeSpan.FromMilliseconds(250)), ("host", "h"))]);
        series.Take([Points.Count(4, ("run", "r")), Points.Gauge(7, ("host", "h")) with { At = Points.At.AddSeconds(-1) }]);

        Assert.Equal(
            """
            # HELP pressure_gc_pause_seconds Collections and their pauses
            # TYPE pressure_gc_pause_seconds summary
            pressure_gc_pause_seconds_sum{host="h"} 0.25
            pressure_gc_pause_seconds_count{host="h"} 1
            # HELP pressure_host_memory_used_bytes Memory in use
            # TYPE pressure_host_memory_used_bytes gauge
            pressure_host_memory_used_bytes{host="h"} 5
            # HELP pressure_http_req_failed_total Requests that failed, of those that ended: how many
            # TYPE pressure_http_req_failed_total counter
            pressure_http_req_failed_total 1
            # HELP pressure_http_req_failed_base_total Requests that failed, of those that ended: the whole
            # TYPE pressure_http_req_failed_base_total counter
            pressure_http_req_failed_base_total 4
            # HELP pressure_http_reqs_total Requests sent
            # TYPE pressure_http_reqs_total counter
            pressure_http_reqs_total{run="r"} 7

            """,
            Page(series));
    }

    [Fact]
    public void OpenMetrics_names_the_family_of_a_counter_and_ends_with_a_mark()
    {
        var series = new ScrapedSeries(_time);
        series.Take([Points.Count(3, ("run", "r"))]);

        Assert.Equal("# HELP pressure_http_reqs Requests sent\n# TYPE pressure_http_reqs counter\npressure_http_reqs_total{run=\"r\"} 3\n# EOF\n", Page(series, openMetrics: true));
    }

    [Fact]
    public void Labels_are_escaped()
    {
        var series = new ScrapedSeries(_time);
        series.Take([Points.Count(1, ("name", "a \"b\" \\ c\nd 商"))]);

        Assert.Contains("""{name="a \"b\" \\ c d 商"}""", Page(series), StringComparison.Ordinal);
    }

    [Fact]
    public void Further_series_than_there_is_room_for_are_left_out_and_counted()
    {
        var series = new ScrapedSeries(_time, mostSeries: 3);

        series.Take([.. Enumerable.Range(0, 10).Select(i => Points.Count(1, ("name", $"{i}")))]);

        Assert.Equal(7, series.LeftOut);
        Assert.Equal(3, Page(series).Split('\n').Count(l => l.StartsWith("pressure", StringComparison.Ordinal)));
    }

    [Fact]
    public void A_run_stays_five_minutes_after_its_end_and_is_then_forgotten()
    {
        var series = new ScrapedSeries(_time);
        series.Take([Points.Count(1, ("run", "r")), Points.Gauge(1, ("run", "r"))]);

        _time.Advance(TimeSpan.FromHours(2));
        series.Take([Points.Count(1, ("run", "r"))]);
        series.End("r");
        _time.Advance(TimeSpan.FromMinutes(5));
        var last = Page(series);
        _time.Advance(TimeSpan.FromSeconds(1));

        Assert.Contains("pressure_http_reqs_total", last, StringComparison.Ordinal);
        Assert.DoesNotContain("memory", last, StringComparison.Ordinal);
        Assert.Equal("", Page(series));
    }

    [Fact]
    public void A_host_that_is_silent_has_no_gauges()
    {
        var series = new ScrapedSeries(_time);
        series.Take([Points.Gauge(1, ("host", "h"))]);
        _time.Advance(TimeSpan.FromSeconds(31));

        Assert.Equal("", Page(series));
    }

    private static string Page(ScrapedSeries series, bool openMetrics = false)
    {
        var page = new StringWriter();
        series.Write(page, openMetrics, []);
        return page.ToString();
    }
}
