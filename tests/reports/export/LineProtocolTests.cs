using FsCheck;
using FsCheck.Fluent;
using Pressure.Reports.Export;

namespace Pressure.Reports.Tests.Export;

public sealed class LineProtocolTests
{
    [Fact]
    public void Every_kind_of_value_has_its_fields() => Assert.Equal(
        """
        http_reqs,name=a,run=r value=7i 1795273200123000000
        host_memory_used,host=h value=0.1 1795273200123000000
        http_req_failed,run=r value=0.25,hits=1i,base=4i 1795273200123000000
        gc_pause,host=h value=1.5 1795273200123000000

        """,
        Write(
            Points.Count(7, ("run", "r"), ("name", "a")), Points.Gauge(0.1, ("host", "h")),
            Points.Of(new MetricValue.Share(1, 4), ("run", "r")), Points.Of(new MetricValue.Lasted(TimeSpan.FromMilliseconds(1.5)), ("host", "h"))));

    [Fact]
    public void Durations_have_their_count_sum_and_quantiles()
    {
        var fields = Write(Points.Times([.. Enumerable.Range(1, 100).Select(i => (double)i)])).Split(' ')[1].Split(',').ToDictionary(f => f.Split('=')[0], f => f.Split('=')[1]);

        Assert.Equal("100i", fields["count"]);
        Assert.Equal(5_050, double.Parse(fields["sum"]), 5_050 * 0.001);
        Assert.Equal(50, double.Parse(fields["p50"]), 0.05);
        Assert.Equal(99, double.Parse(fields["p99"]), 0.1);
        Assert.Equal(["count", "max", "mean", "min", "p50", "p90", "p95", "p99", "p999", "sum"], fields.Keys.Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("a b", @"a\ b")]
    [InlineData("a,b=c", @"a\,b\=c")]
    [InlineData("\"quoted\"", "\"quoted\"")]
    [InlineData(@"ends in \", @"ends\ in\ /")]
    [InlineData("two\nlines\tand\0more", @"two\ lines\ and\ more")]
    [InlineData("商品 😀", @"商品\ 😀")]
    public void Tags_are_escaped(string value, string written) =>
        Assert.Equal($"http_reqs,name={written} value=1i 1795273200123000000\n", Write(Points.Count(1, ("name", value))));

    [Fact]
    public void Half_a_character_is_replaced() => Assert.Equal("http_reqs,name=half\\ \ufffd value=1i 1795273200123000000\n", Write(Points.Count(1, ("name", "half " + (char)0xd83d))));

    [Fact]
    public void A_tag_without_anything_printable_is_left_out() => Assert.Equal("http_reqs value=1i 1795273200123000000\n", Write(Points.Count(1, ("name", " \r\n"))));

    [Fact]
    public void Whatever_tags_hold_a_line_is_one_line_and_reads_back() => Check.QuickThrowOnFailure(Prop.ForAll(
        ArbMap.Default.ArbFor<string[]>(), values =>
        {
            var tags = PointList.Tags([.. values.Select((v, i) => ($"t{i}", (string?)(v ?? "")))]);
            var line = Write(new MetricPoint(ExportMetrics.Requests, tags, Points.At, TimeSpan.Zero, new MetricValue.Count(1)));

            Assert.Single(line, '\n');
            Assert.Equal(tags.OrderBy(t => t.Name, StringComparer.Ordinal).Select(t => (t.Name, t.Value.Replace('\\', '/'))), ReadTags(line));
        }));

    /// <summary>As InfluxDB reads: a backslash takes the next character with it.</summary>
    private static List<(string, string)> ReadTags(string line)
    {
        var parts = new List<string> { "" };
        for (var i = 0; i < line.Length && line[i] != ' '; i++)
        {
            if (line[i] == '\\')
                parts[^1] += line[++i];
            else if (line[i] is ',' or '=')
                parts.Add("");
            else
                parts[^1] += line[i];
        }
        return [.. parts.Skip(1).Chunk(2).Select(p => (p[0], p[1]))];
    }

    private static string Write(params MetricPoint[] points)
    {
        var text = new StringWriter();
        LineProtocol.Write(text, points);
        return text.ToString();
    }
}
