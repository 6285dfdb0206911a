using System.Text.Json;
using System.Text.RegularExpressions;
using Pressure.Reports.Export;
using Pressure.Web.Export;

namespace Pressure.Web.Tests.Export;

/// <summary>Every metric, field and tag that a dashboard in deploy/ names is one that the exporters write.</summary>
public sealed partial class DashboardTests
{
    private static readonly IReadOnlyList<ExportMetric> Metrics = [.. ExportMetrics.All, .. ServiceMetrics.All];

    public static TheoryData<string> Boards => new("pressure-prometheus.json", "pressure-influxdb.json");

    [Theory]
    [MemberData(nameof(Boards))]
    public void A_dashboard_is_one_that_Grafana_reads(string name)
    {
        var board = Board(name);
        var panels = board.GetProperty("panels").EnumerateArray().ToList();

        Assert.Equal(panels.Count, panels.Select(p => p.GetProperty("id").GetInt32()).Distinct().Count());
        Assert.All(panels, p => Assert.InRange(p.GetProperty("gridPos").GetProperty("x").GetInt32() + p.GetProperty("gridPos").GetProperty("w").GetInt32(), 1, 24));
        Assert.All(panels.Where(p => p.GetProperty("type").GetString() != "row"), p => Assert.NotEmpty(p.GetProperty("targets").EnumerateArray()));
        string[] variables = [.. board.GetProperty("templating").GetProperty("list").EnumerateArray().Select(v => v.GetProperty("name").GetString()!)];
        Assert.Equal(["datasource", "run", "service", "host"], variables);
        Assert.All(Queries(board), q => Assert.All(Variable().Matches(q).Select(m => m.Groups[1].Value), v => Assert.Contains(v, variables)));
    }

    [Fact]
    public void What_the_Prometheus_dashboard_names_is_on_the_page()
    {
        var names = Metrics.SelectMany(m => PrometheusText.Names(m).Select(n => (Name: n, Metric: m))).ToDictionary(n => n.Name, n => n.Metric);
        var queries = Queries(Board("pressure-prometheus.json")).ToList();
        Assert.NotEmpty(queries);
        foreach (var query in queries)
        {
            var used = PrometheusName().Matches(query).Select(m => m.Value).Where(n => n != "pressure_").ToList();
            Assert.All(used, n => Assert.True(names.ContainsKey(n), $"{n} of {query}"));
            if (used.Count == 0)
                continue;
            HashSet<string> tags = [.. used.SelectMany(n => names[n].Tags), "quantile"];
            Assert.All(PrometheusTag().Matches(query).SelectMany(m => m.Value.StartsWith("by", StringComparison.Ordinal) ? m.Groups[1].Value.Split(',') : [m.Value]).Select(t => t.Trim()), t => Assert.True(tags.Contains(t), $"{t} of {query}"));
        }
    }

    [Fact]
    public void What_the_InfluxDB_dashboard_names_is_in_the_lines()
    {
        string[] times = ["count", "sum", "min", "mean", "max", .. TimeFigures.Quantiles.Select(q => q.Name)];
        var queries = Queries(Board("pressure-influxdb.json")).ToList();
        Assert.NotEmpty(queries);
        foreach (var query in queries)
        {
            var metric = Assert.Single(Metrics, m => query.Contains($"FROM \"{m.Name}\"", StringComparison.Ordinal));
            string[] fields = metric.Kind switch { MetricKind.Times => times, MetricKind.Share => ["value", "hits", "base"], _ => ["value"] };
            HashSet<string> known = [.. fields, .. metric.Tags, metric.Name, "m"];
            Assert.All(Quoted().Matches(query).Select(m => m.Groups[1].Value), n => Assert.True(known.Contains(n), $"{n} of {query}"));
        }
    }

    [Fact]
    public void The_documentation_names_every_metric()
    {
        var text = File.ReadAllText(Path.Combine(Root(), "docs", "export.md"));

        Assert.Empty(Metrics.Where(m => !text.Contains($"| `{m.Name}` | {m.Kind.ToString().ToLowerInvariant()} | ", StringComparison.Ordinal)).Select(m => m.Name));
    }

    private static JsonElement Board(string name) => JsonDocument.Parse(File.ReadAllText(Path.Combine(Root(), "deploy", "grafana", name))).RootElement;

    private static string Root()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "Pressure.sln")))
            folder = Path.GetDirectoryName(folder)!;
        return folder;
    }

    /// <summary>Everything anywhere that is sent to a data source.</summary>
    private static IEnumerable<string> Queries(JsonElement of) => of.ValueKind switch
    {
        JsonValueKind.Object => of.EnumerateObject().SelectMany(p => p is { Name: "expr" or "query", Value.ValueKind: JsonValueKind.String } && p.Value.GetString() is not ("prometheus" or "influxdb") ? [p.Value.GetString()!] : Queries(p.Value)),
        JsonValueKind.Array => of.EnumerateArray().SelectMany(Queries),
        _ => [],
    };

    [GeneratedRegex("pressure_[a-z0-9_]*")]
    private static partial Regex PrometheusName();

    [GeneratedRegex("""by \(([a-z, ]+)\)|[a-z]+(?=!?=)""")]
    private static partial Regex PrometheusTag();

    [GeneratedRegex("\"([^\"]*)\"")]
    private static partial Regex Quoted();

    [GeneratedRegex(@"\$(?!__|interval|timeFilter|tag_)\{?([a-z]+)")]
    private static partial Regex Variable();
}
