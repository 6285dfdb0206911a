using System.Text.Json;

namespace Pressure.Reports.Tests;

public class SummaryFileTests
{
    [Fact]
    public void Keys_are_stable()
    {
        using var json = JsonDocument.Parse(SummaryFile.Write(Summarizer.Summarize(DemoRun.Build())));
        string Keys(params string[] path)
        {
            var at = json.RootElement;
            foreach (var step in path)
            {
                at = at.GetProperty(step);
                if (at.ValueKind == JsonValueKind.Array)
                    at = at[0];
            }
            return string.Join(" ", at.EnumerateObject().Select(p => p.Name));
        }

        Assert.Equal("id name target startedAt durationSeconds verdict exitCode reason reasons load requests responseTime serviceTime phases thresholds abort byRequest byService statuses errors data hosts silentHosts gc events generator workers exports recoveries", Keys());
        Assert.Equal("asked delivered notSent", Keys("load"));
        Assert.Equal("asked sent ok failed checksPassed checksFailed late", Keys("requests"));
        Assert.Equal("min mean p50 p90 p95 p99 p999 max", Keys("responseTime"));
        Assert.Equal("expression actual actualText passed error", Keys("thresholds"));
        Assert.Equal("name scenario method url service sent ok failed rate responseTime serviceTime phases", Keys("byRequest"));
        Assert.Equal("en zh", Keys("reasons"));
        Assert.Equal("blocked dns connecting tls sending waiting receiving generator", Keys("phases"));
        Assert.Equal("count meanOfAll mean p50 p95 p99 max", Keys("phases", "waiting"));
        Assert.Equal("file bytesKept bytesCut why", Keys("recoveries"));
        Assert.Equal("name sent ok failed rate responseTime hosts containers processes cpu memory gc", Keys("byService"));
        Assert.Equal("name cores cpu load1 memory network disk labels loadPerCore runQueue swap retransmits gaps containers processes", Keys("hosts"));
        Assert.Equal("mean peak", Keys("hosts", "cpu"));
        Assert.Equal("at kind target detail", Keys("events"));
        Assert.Equal("cpu lateP99 saturated why", Keys("generator"));
    }

    [Theory]
    [InlineData(Verdict.Passed, "passed")]
    [InlineData(Verdict.Failed, "failed")]
    [InlineData(Verdict.NoCriteria, "no-criteria")]
    [InlineData(Verdict.Invalid, "invalid")]
    [InlineData(Verdict.Stopped, "stopped")]
    [InlineData(Verdict.Error, "error")]
    public void Verdicts_are_written_in_kebab_case(Verdict verdict, string expected)
    {
        using var json = JsonDocument.Parse(SummaryFile.Write(Summarizer.Summarize(DemoRun.Build()) with { Verdict = verdict }));
        Assert.Equal(expected, json.RootElement.GetProperty("verdict").GetString());
    }

    [Fact]
    public void What_is_written_can_be_read()
    {
        var text = SummaryFile.Write(Summarizer.Summarize(DemoRun.Build()));
        Assert.Equal(text, SummaryFile.Write(SummaryFile.Read(text)));
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("[1]")]
    public void What_is_no_summary_is_refused(string text) => Assert.Throws<InvalidDataException>(() => SummaryFile.Read(text));
}
