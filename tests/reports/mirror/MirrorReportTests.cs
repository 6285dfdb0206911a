using System.Text.Json;
using System.Text.RegularExpressions;
using Pressure.TestKit;

namespace Pressure.Reports.Tests;

public sealed partial class MirrorReportTests
{
    public static TheoryData<string> Names => ["full", "plain", "recorded only"];

    [Fact]
    public void It_tells_how_many_requests_were_copied_lost_and_accounted_for()
    {
        var page = Words(MirrorReport.Render(MirrorSessions.Full, ReportLanguage.En));

        Assert.Contains("Of 128,400 requests to production, 100,000 (77.9 %) were copied to the test target and answered there; 2,334 copies were lost.", page, StringComparison.Ordinal);
        Assert.Contains("What became of the copy is known of 128,400 of 128,400 requests. ✓ every request accounted for", page, StringComparison.Ordinal);
        Assert.Contains("Not meant to be copied 26,012 20.3 % of a method that is not copied 21,000", page, StringComparison.Ordinal);
        Assert.Contains("Lost 2,334 1.82 % too many were waiting 1,204 the circuit breaker was open 1,000 something-new 100 the test target did not answer in time 30", page, StringComparison.Ordinal);
        Assert.Contains("All requests 128,400", page, StringComparison.Ordinal);
        Assert.Contains("Test target to production 1.42x 1.64x 2.86x 7.78x", page, StringComparison.Ordinal);
    }

    [Fact]
    public void A_request_of_which_nothing_is_known_is_said_to_be_missing()
    {
        var session = MirrorSessions.Full with { Copies = MirrorSessions.Full.Copies! with { Fates = new Dictionary<string, long> { ["copied"] = 128_399 } } };

        Assert.Contains("128,399 of 128,400 requests. ! not all accounted for", Words(MirrorReport.Render(session, ReportLanguage.En)), StringComparison.Ordinal);
    }

    [Fact]
    public void Differences_stand_there_as_in_a_replays_report_with_production_in_place_of_the_captured()
    {
        var page = Words(MirrorReport.Render(MirrorSessions.Full, ReportLanguage.En));

        Assert.Contains("98.8 % of 48,900 answers are the same as those of production, noise left out. ✗ 7 fields of 3 endpoints differ", page, StringComparison.Ordinal);
        Assert.Contains("the test target gave no answer 2,334", page, StringComparison.Ordinal);
        Assert.Contains("3 more are in mirror.json", page, StringComparison.Ordinal);
        Assert.Contains("nothing differs", Words(MirrorReport.Render(MirrorSessions.Plain, ReportLanguage.En)), StringComparison.Ordinal);
    }

    [Fact]
    public void A_recording_that_failed_says_why()
    {
        var page = Words(MirrorReport.Render(MirrorSessions.RecordedOnly, ReportLanguage.En));

        Assert.Contains("128,400 requests went to production; nothing was to be copied.", page, StringComparison.Ordinal);
        Assert.Contains("✗ recording ended early No space left on device", page, StringComparison.Ordinal);
        Assert.Contains("Dropped: the capture could not be written any more 38,400", page, StringComparison.Ordinal);
        Assert.Contains("Nothing was masked", page, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void In_Chinese_nothing_is_left_in_English_but_names(string name)
    {
        var session = name switch { "full" => MirrorSessions.Full, "plain" => MirrorSessions.Plain, _ => MirrorSessions.RecordedOnly };
        var page = Words(MirrorReport.Render(session, ReportLanguage.Zh));

        foreach (var english in Strings.All.Where(t => t.Key.StartsWith("mirror.", StringComparison.Ordinal) && Letters().IsMatch(t.Value[0])).Select(t => Regex.Replace(t.Value[0], @"\{\d\}.*", "").Trim()).Where(t => t.Length > 5))
            Assert.DoesNotContain($" {english} ", page, StringComparison.Ordinal);
        Assert.Contains("副本", Words(MirrorReport.Render(MirrorSessions.Full, ReportLanguage.Zh)), StringComparison.Ordinal);
    }

    [Fact]
    public void Every_fate_has_its_words() =>
        Assert.All(MirrorFates.NotMeant.Concat(MirrorFates.NotPossible).Concat(MirrorFates.Lost), word => Assert.True(Strings.Has("mirror.fate." + word), word));

    [Fact]
    public void What_servers_say_can_not_become_markup()
    {
        var page = MirrorReport.Render(MirrorSessions.Full, ReportLanguage.En);

        Assert.DoesNotContain("<script>alert", page, StringComparison.Ordinal);
        Assert.DoesNotContain("<img", page, StringComparison.Ordinal);
        // Without charts it needs no library of a megabyte.
        Assert.InRange(page.Length, 1, 100_000);
    }

    [Fact]
    public async Task The_file_for_machines_holds_it_all()
    {
        using var folder = new TempFolder();
        var files = await MirrorReportWriter.WriteAsync(folder.File("out"), MirrorSessions.Full, new ReportOptions(Html: false, Pdf: false), TestContext.Current.CancellationToken);

        var json = JsonDocument.Parse(await File.ReadAllTextAsync(files.Json, TestContext.Current.CancellationToken)).RootElement;
        Assert.Equal(128_400, json.GetProperty("requests").GetInt64());
        Assert.Equal(128_400, json.GetProperty("copies").GetProperty("fates").EnumerateObject().Sum(f => f.Value.GetInt64()));
        Assert.Equal(120, json.GetProperty("copies").GetProperty("times").GetProperty("p99").GetDouble());
        Assert.Equal([files.Json], Directory.GetFiles(folder.File("out")));
        Assert.Equal((null, null), (files.Html, files.Pdf));
    }

    /// <summary>What a reader sees, without tags.</summary>
    private static string Words(string page)
    {
        var main = page[page.IndexOf("<main>", StringComparison.Ordinal)..page.IndexOf("</main>", StringComparison.Ordinal)];
        return Spaces().Replace(System.Net.WebUtility.HtmlDecode(Tags().Replace(main, " ")), " ");
    }

    [GeneratedRegex("<[^>]*>")]
    private static partial Regex Tags();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Spaces();

    [GeneratedRegex("[a-z]{4}")]
    private static partial Regex Letters();
}
