using System.Text.Json;
using Pressure.TestKit;

namespace Pressure.Cli.Tests.EndToEnd;

/// <summary>What real servers have got of a run is what its summary says.</summary>
[NeedsQuiet]
public class ExportTests
{
    private const string Plan = """
        name: exported, "twice" = \ 双
        target: TARGET
        load: { rate: 40/s, duration: 4s, warmUp: 1s }
        thresholds: []
        scenarios:
          - name: browse, then buy
            weight: 3
            steps:
              - get: /item
                name: item, one = "first" \
                check: { status: 200 }
          - name: fail
            weight: 1
            steps:
              - get: /missing
        """;

    [Theory(Timeout = 180_000)]
    [InlineData("write?db=pressure")]
    [InlineData("api/v2/write?org=ours&bucket=pressure")]
    public async Task Figures_read_back_from_VictoriaMetrics_equal_the_summary(string path)
    {
        await using var server = await VictoriaMetrics.StartAsync();
        await using var target = RawTarget.ByPath();
        using var program = new PressureProgram().Press(Plan.Replace("TARGET", target.Url.ToString()), "--no-report", "--quiet", "--export", $"influx={server.Url}{path}");

        var ended = await program.EndAsync();

        var summary = program.Summary();
        Assert.True(ended.ExitCode == 0, ended.Output + ended.Error);
        var export = summary.GetProperty("exports").EnumerateArray().Single();
        Assert.Equal(0, export.GetProperty("dropped").GetInt64());
        Assert.True(export.GetProperty("sent").GetInt64() > 100);
        Assert.DoesNotContain("pressure", export.GetProperty("sink").GetString(), StringComparison.Ordinal);
        await AssertEqualAsync(server, summary);
    }

    [Fact(Timeout = 180_000)]
    public async Task Figures_read_back_from_InfluxDB_equal_the_summary_and_its_password_is_nowhere()
    {
        await using var server = await InfluxDb.StartAsync("pressure", ("presser", "very-secret"));
        await using var target = RawTarget.ByPath();
        using var program = new PressureProgram { Environment = { ["PRESSURE_INFLUX_TOKEN"] = "presser:very-secret" } };
        program.Press(Plan.Replace("TARGET", target.Url.ToString()), "--no-report", "--quiet", "--export", $"influx={server.Url}write?db=pressure");

        var ended = await program.EndAsync();

        var summary = program.Summary();
        Assert.True(ended.ExitCode == 0, ended.Output + ended.Error);
        var since = MeasuredSince(summary);
        foreach (var request in summary.GetProperty("byRequest").EnumerateArray())
        {
            // The line protocol has no form for a backslash.
            var where = $"WHERE \"name\" = '{request.GetProperty("name").GetString()!.Replace('\\', '/')}' AND time >= {since.ToUnixTimeMilliseconds()}000000";
            Assert.Equal(request.GetProperty("sent").GetInt64(), (await server.AskAsync($"SELECT sum(value) FROM http_reqs {where}", "pressure"))[0][1].GetInt64());
            Assert.Equal(request.GetProperty("failed").GetInt64(), (await server.AskAsync($"SELECT sum(hits) FROM http_req_failed {where}", "pressure"))[0][1].GetInt64());
        }
        Assert.DoesNotContain(Directory.EnumerateFiles(program.RunFolder), f => File.ReadAllText(f).Contains("very-secret", StringComparison.Ordinal));
    }

    [Fact(Timeout = 180_000)]
    public async Task A_wrong_password_drops_the_points_says_so_and_changes_nothing_about_the_run()
    {
        await using var server = await InfluxDb.StartAsync("pressure", ("presser", "very-secret"));
        await using var target = RawTarget.ByPath();
        using var program = new PressureProgram { Environment = { ["PRESSURE_INFLUX_TOKEN"] = "presser:guessed" } };
        program.Press(Plan.Replace("TARGET", target.Url.ToString()), "--no-report", "--export", $"influx={server.Url}write?db=pressure");

        var ended = await program.EndAsync();

        var summary = program.Summary();
        Assert.Equal(0, ended.ExitCode);
        Assert.Equal(120, summary.GetProperty("requests").GetProperty("sent").GetInt64());
        var export = summary.GetProperty("exports").EnumerateArray().Single();
        Assert.Equal(0, export.GetProperty("sent").GetInt64());
        Assert.True(export.GetProperty("dropped").GetInt64() > 100);
        Assert.Contains("401", export.GetProperty("problem").GetString(), StringComparison.Ordinal);
        string[] kinds = [.. summary.GetProperty("events").EnumerateArray().Select(e => e.GetProperty("kind").GetString()!)];
        Assert.Single(kinds, "exportDropping");
        Assert.Single(kinds, "exported");
        Assert.Contains("dropped: it answered 401", ended.Output, StringComparison.Ordinal);
    }

    [Theory(Timeout = 60_000)]
    [InlineData("http://127.0.0.1:8086/write?db=x", "influx=URL")]
    [InlineData("graphite=http://127.0.0.1:2003", "influx=URL")]
    [InlineData("influx=127.0.0.1:8086", "is no address")]
    [InlineData("influx=http://127.0.0.1:8086/", "names no database")]
    [InlineData("influx=http://me:secret@127.0.0.1:8086/write?db=x", "PRESSURE_INFLUX_TOKEN")]
    [InlineData("influx=http://127.0.0.1:8086/write?db=x&u=me&p=secret", "PRESSURE_INFLUX_TOKEN")]
    public async Task A_sink_that_cannot_be_meant_is_refused_before_anything_is_sent(string export, string remedy)
    {
        await using var target = RawTarget.Answering();
        using var program = new PressureProgram().Press(Plans.Of(target.Url), "--no-report", "--export", export);

        var ended = await program.EndAsync();

        Assert.Equal(2, ended.ExitCode);
        Assert.Contains(remedy, ended.Error, StringComparison.Ordinal);
        Assert.Equal(0, target.Served);
    }

    private static async Task AssertEqualAsync(VictoriaMetrics server, JsonElement summary)
    {
        var since = MeasuredSince(summary);
        var run = $"run=\"{summary.GetProperty("id").GetString()}\"";
        Task<IReadOnlyDictionary<string, double>> Sum(string field, params string[] by) => server.SumAsync($"{field}{{{run}}}", since, by);

        foreach (var (field, path) in new[]
        {
            ("http_reqs_value", "requests.sent"), ("http_reqs_asked_value", "requests.asked"), ("http_req_failed_hits", "requests.failed"),
            ("checks_hits", "requests.checksPassed"), ("data_sent_value", "data.sent"), ("data_received_value", "data.received"),
        })
            Assert.Equal((field, Number(summary, path)), (field, (await Sum(field)).Values.Single()));
        Assert.Equal(Numbers(summary.GetProperty("statuses").EnumerateObject(), s => s.Name, s => s.Value), await Sum("http_responses_value", "status"));
        Assert.Equal(Numbers(summary.GetProperty("errors").EnumerateObject(), s => s.Name, s => s.Value), await Sum("http_req_errors_value", "error"));

        var requests = summary.GetProperty("byRequest").EnumerateArray().ToList();
        Assert.Equal(Numbers(requests, Request, r => r.GetProperty("sent")), await Sum("http_reqs_value", Tags));
        var counts = await Sum("http_req_duration_count", Tags);
        var sums = await Sum("http_req_duration_sum", Tags);
        foreach (var request in requests)
            Assert.Equal(Number(request, "responseTime.mean"), sums[Request(request)] / counts[Request(request)], tolerance: 0.001);
        // The longest of all is the longest of its second.
        Assert.Equal(Number(summary, "responseTime.max"), (await server.PointsAsync($"http_req_duration_max{{{run}}}", since)).SelectMany(p => p.Values).Max(), tolerance: 0.001);
    }

    private static readonly string[] Tags = ["name", "scenario", "service", "method"];

    /// <summary>What a request's tags are, as the line protocol can say them: it has no form for a backslash.</summary>
    private static string Request(JsonElement request) => string.Join('|', Tags.Select(t => request.GetProperty(t).GetString()!.Replace('\\', '/')));

    private static Dictionary<string, double> Numbers<T>(IEnumerable<T> of, Func<T, string> name, Func<T, JsonElement> value) => of.ToDictionary(name, o => value(o).GetDouble());

    private static double Number(JsonElement summary, string path) => path.Split('.').Aggregate(summary, (e, name) => e.GetProperty(name)).GetDouble();

    private static DateTimeOffset MeasuredSince(JsonElement summary) => DateTimeOffset.FromUnixTimeMilliseconds(summary.GetProperty("startedAt").GetDateTimeOffset().AddSeconds(1).ToUnixTimeMilliseconds());
}
