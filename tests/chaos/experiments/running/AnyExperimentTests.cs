using System.Text.Json.Nodes;
using FsCheck;
using FsCheck.Fluent;

namespace Pressure.Chaos.Tests.Experiments.Running;

/// <summary>Whatever an experiment asks for and whatever it meets: nothing is left in force without a word.</summary>
public sealed class AnyExperimentTests
{
    private static readonly string[] Activities =
    [
        "  - { type: action, name: all, provider: { type: pressure, fault: container-kill, target: { container: { labels: { app: a }, mode: all } }, duration: 30s } }",
        "  - { type: action, name: some, background: true, provider: { type: pressure, fault: container-kill, target: { container: { labels: { app: a }, mode: up to 100% } }, duration: 7s } }",
        "  - { type: action, name: stages, provider: { type: pressure, fault: container-stop, target: { container: { labels: { app: a } } }, duration: 5s, stages: [ 1, 50%, all ], stageTime: 3s } }",
        "  - { type: action, name: named, background: true, pauses: { before: 2, after: 1 }, provider: { type: pressure, fault: container-kill, target: { container: a2 }, duration: 11s } }",
        "  - { type: probe, name: look, pauses: { after: 3 }, tolerance: true, provider: { type: pressure, probe: tcp, arguments: { address: x } } }",
    ];

    private static readonly string[] Settings = ["", "probeEvery: 1s", "probeEvery: 1s, stopOnDeviation: false, settle: 3s", "settle: 4s"];

    [Fact]
    public void Every_fault_that_began_has_ended_or_is_told_to_be_left()
    {
        var runs =
            from method in Gen.Elements(Activities).ListOf(3)
            from settings in Gen.Elements(Settings)
            from hypothesis in Gen.Elements(true, false)
            from trouble in Gen.Choose(0, 9)
            from at in Gen.Choose(0, 400)
            select (method, settings, hypothesis, trouble, at: at / 10.0);

        Prop.ForAll(runs.ToArbitrary(), r => Holds([.. r.method], r.settings, r.hypothesis, r.trouble, r.at)).Check(Config.QuickThrowOnFailure.WithMaxTest(300));
    }

    private static bool Holds(IReadOnlyList<string> method, string settings, bool hypothesis, int trouble, double at)
    {
        var world = new Simulation(4);
        var text = $"title: t\nextensions: [ {{ name: pressure{(settings.Length > 0 ? ", " + settings : "")} }} ]\n"
            + (hypothesis ? "steady-state-hypothesis: { title: h, probes: [ { type: probe, name: up, tolerance: true, provider: { type: pressure, probe: tcp, arguments: { address: x } } } ] }\n" : "")
            + "method:\n" + string.Join('\n', method);

        var outcome = world.Run(text, (at, () => Meet(world, trouble)));

        var begun = world.Told.OfType<TimelineEvent.FaultOn>().Select(e => e.Handle).ToList();
        var ended = world.Told.OfType<TimelineEvent.FaultOff>().Select(e => e.Handle).Concat(world.Told.OfType<TimelineEvent.RevertIncomplete>().Select(e => e.Handle)).ToList();
        Assert.Equal(begun.Order(), ended.Order());
        Assert.Equal(world.Told.OfType<TimelineEvent.RevertIncomplete>().Any(), outcome.Left.Count > 0);
        Assert.IsType<TimelineEvent.ExperimentEnded>(world.Told[^1]);
        Assert.True(world.Executor.IsLost || world.Executor.InForce.Count == 0);
        Assert.Equal(outcome.Status == ExperimentStatus.Completed && !outcome.Deviated && outcome.Left.Count == 0, outcome.ExitCode == 0);
        Assert.NotNull(outcome.Journal["status"]);
        return world.Told.OfType<TimelineEvent.FaultOn>().All(on => world.Told.First(e => e is TimelineEvent.FaultOff off && off.Handle == on.Handle || e is TimelineEvent.RevertIncomplete left && left.Handle == on.Handle).At >= on.At);
    }

    private static void Meet(Simulation world, int trouble)
    {
        switch (trouble)
        {
            case 1:
                world.Stop();
                break;
            case 2:
                world.Halted = "halted";
                break;
            case 3:
                world.Sees = _ => new(JsonValue.Create(false));
                break;
            case 4:
                world.Executor.Undo = _ => new UndoOutcome.Incomplete("it stays", "mend it");
                break;
            case 5:
                world.Executor.IsLost = true;
                break;
            case 6:
                world.Executor.Start = _ => new FaultStart.Failed("no", new("h", new UndoOutcome.Undone(), world.Time.GetUtcNow(), "controller"));
                break;
            case 7:
                world.Says = _ => new GuardAnswer.Refused([new("budget", "No.", "Wait.")]);
                break;
            case 8:
                world.Candidates.RemoveAt(1);
                break;
            case 9:
                world.Executor.EndAllBy("halt-all");
                break;
        }
    }
}
