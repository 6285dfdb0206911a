using System.Text.RegularExpressions;
using Pressure.Record;
using Pressure.Web.Language;

namespace Pressure.Web.Tests;

public sealed partial class TextsTests
{
    [Fact]
    public void Every_text_is_there_in_both_languages_with_the_same_places_for_values() => Assert.All(Texts.En.Keys, key =>
    {
        Assert.False(string.IsNullOrWhiteSpace(Texts.En[key]));
        Assert.False(string.IsNullOrWhiteSpace(Texts.Zh[key]));
        Assert.Equal(Places(Texts.En[key]), Places(Texts.Zh[key]));
    });

    [Fact]
    public void Texts_in_Chinese_are_Chinese()
    {
        string[] same = ["language.name", "chart.cpu", "by.API", "choice.urls.bodyKind.json", "live.of"];
        Assert.All(Texts.Zh.Keys.Except(same), key => Assert.Contains(Texts.Zh[key], c => c is >= '\u4e00' and <= '\u9fff'));
    }

    [Fact]
    public void Every_error_and_every_event_has_a_text()
    {
        foreach (var error in Enum.GetValues<RequestError>().Where(e => e != RequestError.None))
            Assert.Contains($"error.{Api.RunView.Kebab(error)}", Texts.En.Keys);
        foreach (var verdict in Enum.GetValues<Reports.Verdict>())
            Assert.Contains($"verdict.{Api.RunView.Kebab(verdict)}.text", Texts.En.Keys);
        TimelineEvent[] events =
        [
            new TimelineEvent.RunStarted(default), new TimelineEvent.WarmUpEnded(default), new TimelineEvent.StageStarted(default, 0, 1, 2), new TimelineEvent.LoadEnded(default),
            .. Enum.GetValues<SteeredTo>().Select(to => new TimelineEvent.LoadSteered(default, "API", to, 1.5)),
            new TimelineEvent.StopRequested(default, "web page"), new TimelineEvent.StopRequested(default, "ctl", Graceful: true), new TimelineEvent.Aborted(default, "http_req_failed", "rate > 50%", "62 %", TimeSpan.FromSeconds(10)), new TimelineEvent.TargetFailing(default, RequestError.ConnectRefused, 0), new TimelineEvent.TargetFailing(default, RequestError.CheckFailed, 500),
            new TimelineEvent.TargetRecovered(default), new TimelineEvent.GeneratorSaturated(default, "x"), new TimelineEvent.DataUsedUp(default, "x", 1), new TimelineEvent.DataLost(default, "x"), new TimelineEvent.DataLost(default, "x", "db1"), new TimelineEvent.HostSilent(default, "db1", default), new TimelineEvent.HostHeard(default, "db1", TimeSpan.FromSeconds(3)), new TimelineEvent.RunFailed(default, "x"), new TimelineEvent.RunEnded(default),
            new TimelineEvent.ExportDropping(default, "influx http://h:1", "x"), new TimelineEvent.Exported(default, "influx http://h:1", 1, 0), new TimelineEvent.Exported(default, "influx http://h:1", 1, 2, "x"),
            new TimelineEvent.SearchPlateauStarted(default, 1, SearchPhase.Ramp, 50), new TimelineEvent.SearchPlateauEnded(default, Plateau), new TimelineEvent.SearchEnded(default, new() { Ending = SearchEnding.Found, Holds = 50, Breaks = 60, Confidence = 1, Near = 3, Agreeing = 3 }),
            .. OfChaos, .. OfWorkers,
        ];
        Assert.Empty(typeof(TimelineEvent).GetNestedTypes().Except(events.Select(e => e.GetType())));
        Assert.All(events, e => Assert.Contains(EventText.Of(e, Texts.Zh), c => c is >= '\u4e00' and <= '\u9fff'));
    }

    private static IEnumerable<TimelineEvent> OfChaos =>
    [
        new TimelineEvent.ExperimentStarted(default, "e", "x", "ctl"), new TimelineEvent.ExperimentEnded(default, "e", "x", "completed", false), new TimelineEvent.ExperimentEnded(default, "e", "x", "failed", true),
        new TimelineEvent.StrikeRefused(default, "e", "container-kill", "budget", "x"), new TimelineEvent.FaultOn(default, "h", "e", "container-kill", "local", "x", default), new TimelineEvent.FaultOn(default, "h", "e", "network-loss", "local", "x", default, "percent 30%"),
        new TimelineEvent.FaultOff(default, "h", "container-kill", "x", "deadline"), new TimelineEvent.FaultOff(default, "h", "container-kill", "x", "deadline", "x"), new TimelineEvent.FaultFailed(default, "e", "container-kill", "x", "x"), new TimelineEvent.RevertIncomplete(default, "h", "container-kill", "x", "x", "x"),
        new TimelineEvent.ProbeFailed(default, "e", "x", "x"), new TimelineEvent.ProbeHeld(default, "e", "x"), new TimelineEvent.ContainerChanged(default, "local", "x", "die"), new TimelineEvent.ContainerChanged(default, "local", "x", "die", "exit code 137"),
        new TimelineEvent.Marked(default, "located", "ctl"), new TimelineEvent.Marked(default, "located", "ctl", "x"),
    ];

    private static IEnumerable<TimelineEvent> OfWorkers =>
    [
        new TimelineEvent.WorkerLost(default, "w3", TimeSpan.FromSeconds(10)), new TimelineEvent.WorkerLost(default, "w3", default, "x"), new TimelineEvent.ShareTakenOver(default, 2, "w3", "w1"),
        new TimelineEvent.WorkerHeard(default, "w3", 7), new TimelineEvent.WorkerHeard(default, "w3", 0), new TimelineEvent.ShareUnsent(default, default, 2, "w3", 120), new TimelineEvent.CoordinatorReturned(default, TimeSpan.FromSeconds(4)),
    ];

    private static SearchPlateau Plateau => new() { Number = 1, Phase = SearchPhase.Ramp, Rate = 50, FromSecond = 0, Seconds = 8, Asked = 400, Ok = 400, Failed = 0, Criteria = [], Outcome = PlateauOutcome.Held };

    private static IEnumerable<string> Places(string text) => Place().Matches(text).Select(m => m.Value).Order();

    [GeneratedRegex(@"\{\d\}")]
    private static partial Regex Place();
}
