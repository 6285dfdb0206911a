using Pressure.Record;

namespace Pressure.Reports.Tests;

/// <summary>Writes demonstration reports to a folder named in PRESSURE_SHOWCASE, to be looked at.</summary>
public class Showcase
{
    [Fact]
    public async Task Writes_reports_to_look_at_when_asked()
    {
        if (Environment.GetEnvironmentVariable("PRESSURE_SHOWCASE") is not { Length: > 0 } folder)
            return;
        foreach (var language in Enum.GetValues<ReportLanguage>())
        {
            foreach (var (name, run) in Runs().Where(r => Environment.GetEnvironmentVariable("PRESSURE_SHOWCASE_ONLY") is not { Length: > 0 } only || r.Item1 == only))
            {
                var into = Directory.CreateDirectory(Path.Combine(folder, $"{name}-{language}".ToLowerInvariant())).FullName;
                var (_, files) = await ReportWriter.WriteAsync(run(), into, new ReportOptions(language), TestContext.Current.CancellationToken);
                Assert.Null(files.PdfProblem);
            }
        }
    }

    [Fact]
    public async Task Writes_reports_of_mirrors_to_look_at_when_asked()
    {
        if (Environment.GetEnvironmentVariable("PRESSURE_SHOWCASE") is not { Length: > 0 } folder)
            return;
        foreach (var language in Enum.GetValues<ReportLanguage>())
        {
            foreach (var (name, session) in new[] { ("mirror", MirrorSessions.Full), ("mirror-plain", MirrorSessions.Plain), ("mirror-record", MirrorSessions.RecordedOnly) })
                Assert.Null((await MirrorReportWriter.WriteAsync(Path.Combine(folder, $"{name}-{language}".ToLowerInvariant()), session, new ReportOptions(language), TestContext.Current.CancellationToken)).PdfProblem);
        }
    }

    private static IEnumerable<(string, Func<RunRecord>)> Runs() =>
    [
        ("failed", () => DemoRun.Build()),
        ("passed", () => DemoRun.Build(seconds: 30, troubled: false, failing: false)),
        ("unreachable", () => RunBuilder.New().Seconds(10, failed: 100, milliseconds: 0.4, error: RequestError.ConnectRefused).Event(new TimelineEvent.TargetFailing(TimeSpan.FromSeconds(1), RequestError.ConnectRefused, 0)).Build()),
        ("stopped", () => RunBuilder.New().Seconds(3, ok: 100).Event(new TimelineEvent.StopRequested(TimeSpan.FromSeconds(2.7), "Ctrl-C")).Build()),
        ("empty", () => RunBuilder.New().NotEnded().Build()),
        ("long", LongRun),
        ("search", () => SearchRun.Build()),
        ("fleet", () => MachineRun.Fleet()),
        ("machines", () => MachineRun.Build()),
        ("chaos", () => ChaosRun.Build()),
        ("left", () => ChaosRun.Build(left: true)),
        ("drill", ChaosRun.Drill),
        ("crew", () => CrewRun.Build()),
        ("crewlost", () => CrewRun.Build(tolerance: 0.01, slow: 1)),
        ("crew40", () => CrewRun.Build(workers: 40, lost: 12, rate: 200)),
        ("replay", () => ReplayRun.Build(ReplayRun.Replay, ReplayRun.Differences, "rate < 1%")),
        ("replayed", () => ReplayRun.Build(ReplayRun.Replay with { Captures = [ReplayRun.Replay.Captures[0] with { Replayed = 8_000 }], Speed = null, Multiply = 1, Skipped = new Dictionary<string, long>(), Planned = 8_000, Sent = 8_000, Carried = 0, LeftOut = 0 }, ReplayRun.Differences with { Against = "captured", Same = 48_900, Fields = [], NotCompared = new Dictionary<string, long>(), PartsLeftOut = new Dictionary<string, long>(), MoreFields = 0 })),
    ];

    private static RunRecord LongRun()
    {
        var run = DemoRun.Build(seconds: 12 * 3600);
        return run with { Manifest = run.Manifest with { Name = "soak" } };
    }
}
