using System.Text.Json.Nodes;
using System.Threading.Channels;

namespace Pressure.Chaos.Tests.Experiments.Running;

public sealed class ExperimentRunnerTests
{
    private const string Hypothesis = """
        title: t
        steady-state-hypothesis:
          title: It is up
          probes:
            - { type: probe, name: up, tolerance: true, provider: { type: pressure, probe: tcp, arguments: { address: "x:1" } } }

        """;

    private const string Kill = "  - { type: action, name: kill, provider: { type: pressure, fault: container-kill, target: { container: { labels: { app: a }, mode: all } }, duration: 30s } }\n";

    private const string Watched = "extensions: [ { name: pressure, probeEvery: 1s } ]\n";

    private static ProbeValue Up(bool up) => new(JsonValue.Create(up));

    [Fact]
    public void The_hypothesis_is_asked_the_method_done_everything_undone_and_the_hypothesis_asked_again()
    {
        var world = new Simulation(2);

        var outcome = world.Run(Hypothesis + "method:\n" + Kill);

        Assert.Equal(["ExperimentStarted t @0", "ProbeHeld up @0", "FaultOn a1 @0", "FaultOn a2 @0", "FaultOff a1 @30", "FaultOff a2 @30", "ExperimentEnded t @30"], world.Lines);
        Assert.Equal((ExperimentStatus.Completed, false, 0), (outcome.Status, outcome.Deviated, outcome.ExitCode));
        Assert.True(outcome.Journal["steady_states"]!["before"]!["steady_state_met"]!.GetValue<bool>());
        Assert.True(outcome.Journal["steady_states"]!["after"]!["steady_state_met"]!.GetValue<bool>());
        Assert.Equal(("succeeded", 30.0), ((string?)outcome.Journal["run"]![0]!["status"], (double)outcome.Journal["run"]![0]!["duration"]!));
        Assert.Equal("completed", (string?)outcome.Journal["status"]);
        Assert.True(world.Executor.IsDisposed);
    }

    [Fact]
    public void Nothing_is_struck_when_the_hypothesis_does_not_hold_at_the_start()
    {
        var world = new Simulation { Sees = _ => Up(false) };

        var outcome = world.Run(Hypothesis + "method:\n" + Kill + "rollbacks: [ { type: action, name: r, provider: { type: process, path: /nowhere } } ]");

        Assert.Equal(["ExperimentStarted t @0", "ProbeFailed up @0", "ExperimentEnded t @0"], world.Lines);
        Assert.Equal((ExperimentStatus.Failed, false, 99), (outcome.Status, outcome.Deviated, outcome.ExitCode));
        Assert.Empty(world.Executor.Ordered);
        Assert.Empty((JsonArray)outcome.Journal["rollbacks"]!);
    }

    [Fact]
    public void A_hypothesis_that_does_not_hold_afterwards_is_a_deviation()
    {
        var world = new Simulation();

        var outcome = world.Run(Hypothesis + "method:\n" + Kill, (1, () => world.Sees = _ => new(null, "connection refused")));

        Assert.Equal((ExperimentStatus.Failed, true, 99), (outcome.Status, outcome.Deviated, outcome.ExitCode));
        Assert.Contains("ProbeFailed up @30", world.Lines);
        Assert.Contains("connection refused", outcome.Why);
    }

    [Fact]
    public void The_hypothesis_is_given_its_time_to_hold_again()
    {
        var world = new Simulation();

        var outcome = world.Run(Hypothesis + "extensions: [ { name: pressure, settle: 10s } ]\nmethod:\n" + Kill, (1, () => world.Sees = _ => Up(false)), (32.5, () => world.Sees = _ => Up(true)));

        Assert.Equal(0, outcome.ExitCode);
        Assert.Equal(["ProbeFailed up @30", "ProbeHeld up @33", "ExperimentEnded t @33"], world.Lines.TakeLast(3));
    }

    [Fact]
    public void A_probe_that_fails_meanwhile_ends_the_experiment_at_once()
    {
        var world = new Simulation();

        var outcome = world.Run(Hypothesis + Watched + "method:\n" + Kill, (5.5, () => world.Sees = _ => Up(false)), (8.5, () => world.Sees = _ => Up(true)));

        Assert.Equal((ExperimentStatus.Aborted, true, 99), (outcome.Status, outcome.Deviated, outcome.ExitCode));
        Assert.Contains("FaultOff a1 @6", world.Lines);
        Assert.Contains("the hypothesis does not hold any more: up: it is false, not true", outcome.Why);
        Assert.Equal(2, ((JsonArray)outcome.Journal["steady_states"]!["during"]!).Count);
    }

    [Fact]
    public void A_probe_that_fails_meanwhile_is_only_recorded_where_that_was_asked_for()
    {
        var world = new Simulation();

        var outcome = world.Run(Hypothesis + "extensions: [ { name: pressure, probeEvery: 1s, stopOnDeviation: false, settle: 5s } ]\nmethod:\n" + Kill,
            (5.5, () => world.Sees = _ => Up(false)), (32.5, () => world.Sees = _ => Up(true)));

        Assert.Equal((ExperimentStatus.Completed, false, 0), (outcome.Status, outcome.Deviated, outcome.ExitCode));
        Assert.Equal(["ExperimentStarted t @0", "ProbeHeld up @0", "FaultOn a1 @0", "ProbeFailed up @6", "FaultOff a1 @30", "ProbeHeld up @33"], world.Lines.SkipLast(1));
    }

    [Fact]
    public void Stopping_undoes_everything_does_the_rollbacks_and_begins_nothing_new()
    {
        var world = new Simulation(3);

        var outcome = world.Run(Hypothesis + "method:\n" + Kill + Kill + "rollbacks: [ { type: action, name: tidy, provider: { type: pressure, fault: container-kill, target: { container: a1 }, duration: 2s } } ]", (10, () => world.Stop()));

        Assert.Equal((ExperimentStatus.Interrupted, 130), (outcome.Status, outcome.ExitCode));
        Assert.Equal(["FaultOff a1 @10", "FaultOff a2 @10", "FaultOff a3 @10", "FaultOn a1 @10", "FaultOff a1 @12", "ExperimentEnded t @12"], world.Lines.TakeLast(6));
        Assert.Equal("tidy", (string?)outcome.Journal["rollbacks"]![0]!["activity"]!["name"]);
        Assert.Single((JsonArray)outcome.Journal["run"]!);
        Assert.Null(outcome.Journal["steady_states"]!["after"]);
        Assert.Equal("ended early: stopped by somebody", (string?)outcome.Journal["run"]![0]!["exception"]![0]);
    }

    [Fact]
    public void A_global_stop_ends_everything_within_its_interval()
    {
        var world = new Simulation();

        var outcome = world.Run("title: t\nmethod:\n" + Kill, (5.1, () => world.Halted = "Everything is stopped by ops."));

        Assert.Equal((ExperimentStatus.Aborted, "Everything is stopped by ops."), (outcome.Status, outcome.Why));
        Assert.Contains("FaultOff a1 @5.2", world.Lines);
    }

    [Fact]
    public void What_somebody_else_undoes_early_is_no_success()
    {
        var world = new Simulation();

        var outcome = world.Run("title: t\nmethod:\n" + Kill, (5, () => world.Executor.EndAllBy("watchdog")));

        Assert.Equal(ExperimentStatus.Failed, outcome.Status);
        Assert.Contains("undone before its time by watchdog", outcome.Why);
        Assert.Contains("FaultOff a1 @5", world.Lines);
    }

    [Fact]
    public void An_end_that_the_run_asked_for_is_known_though_nobody_has_told_those_who_watch()
    {
        var world = new Simulation { Executor = { TellsWatchersLate = true } };

        var outcome = world.Run("title: t\nmethod:\n" + Kill);

        Assert.Equal((ExperimentStatus.Completed, ""), (outcome.Status, outcome.Why));
        Assert.Single(world.Lines, l => l.StartsWith("FaultOff a1", StringComparison.Ordinal));
    }

    [Fact]
    public void A_fault_in_the_background_holds_while_others_go_on()
    {
        var world = new Simulation();

        world.Run("title: t\nmethod:\n" + Kill.Replace("name: kill,", "name: kill, background: true,") + "  - { type: probe, name: look, pauses: { before: 5 }, tolerance: true, provider: { type: pressure, probe: tcp, arguments: { address: x } } }\n");

        Assert.Equal(["FaultOn a1 @0", "ProbeHeld look @5", "FaultOff a1 @30"], world.Lines.Skip(1).SkipLast(1));
    }

    [Fact]
    public void Pauses_are_waited_for_before_and_after()
    {
        var world = new Simulation();

        world.Run("title: t\nmethod:\n" + Kill.Replace("name: kill,", "name: kill, pauses: { before: 3, after: 4 },") + Kill);

        Assert.Equal(["FaultOn a1 @3", "FaultOff a1 @33", "FaultOn a1 @37"], world.Lines.Skip(1).Take(3));
    }

    [Fact]
    public void One_target_that_can_not_be_struck_lets_the_others_go()
    {
        var world = new Simulation(3);
        world.Executor.Start = order => order.Target.Label == "a2" ? new FaultStart.Refused("It was started anew.", "Look again.") : null;

        var outcome = world.Run("title: t\nmethod:\n" + Kill + Kill);

        Assert.Equal((ExperimentStatus.Failed, 99), (outcome.Status, outcome.ExitCode));
        Assert.Equal(["FaultFailed a2 @0", "FaultOff a1 @0", "FaultOff a3 @0", "ExperimentEnded t @0"], world.Lines.Where(l => !l.StartsWith("FaultOn", StringComparison.Ordinal)).Skip(1));
        Assert.Equal(3, world.Executor.Ordered.Count);
        Assert.Contains("It was started anew. Look again.", outcome.Why);
    }

    [Fact]
    public void What_can_not_be_undone_is_told_and_has_its_own_exit_code()
    {
        var world = new Simulation(2);
        world.Executor.Undo = order => order.Target.Label == "a1" ? new UndoOutcome.Incomplete("it stays dead", "Start it by hand.") : new UndoOutcome.Undone();

        var outcome = world.Run("title: t\nmethod:\n" + Kill);

        Assert.Equal(4, outcome.ExitCode);
        Assert.Equal("container-kill on a1: it stays dead. Start it by hand.", Assert.Single(outcome.Left));
        Assert.Contains("RevertIncomplete a1 @30", world.Lines);
        Assert.Equal("container-kill on a1: it stays dead. Start it by hand.", (string?)outcome.Journal["left"]![0]);
    }

    [Fact]
    public void An_executor_that_is_lost_is_never_taken_for_a_success()
    {
        var world = new Simulation();

        var outcome = world.Run("title: t\nmethod:\n" + Kill.Replace("30s", "2h"), (3, () => world.Executor.IsLost = true), (4, () => world.Stop()));

        Assert.Equal(4, outcome.ExitCode);
        Assert.Contains("the pipe is broken", outcome.Left[0]);
        Assert.Contains("RevertIncomplete a1 @4", world.Lines);
    }

    [Fact]
    public void Guards_are_asked_with_exactly_what_was_chosen_and_a_no_ends_it()
    {
        var world = new Simulation(4) { Says = _ => new GuardAnswer.Refused([new("budget", "No strikes are left in this hour.", "Wait until 12:00."), new("gap", "The last one was just now.", "Wait.")]) };

        var outcome = world.Run("title: t\nextensions: [ { name: pressure, risky: true, maxTargets: 2 } ]\nmethod:\n" + Kill.Replace("all", "50%") + Kill);

        var asked = Assert.Single(world.Asked);
        Assert.Equal((2, 4, TimeSpan.FromSeconds(30), "t", "test", true, 2), (asked.Targets.Count, asked.Matching.Count, asked.Duration, asked.Experiment, asked.By, asked.Risky, asked.Settings!.MaxTargets));
        Assert.Equal((ExperimentStatus.Aborted, 3, 2), (outcome.Status, outcome.ExitCode, outcome.Refusals.Count));
        Assert.Equal(2, world.Told.OfType<TimelineEvent.StrikeRefused>().Count());
        Assert.Empty(world.Executor.Ordered);
    }

    [Fact]
    public void What_was_permitted_is_given_back_when_it_has_ended()
    {
        var world = new Simulation(2) { Says = r => new GuardAnswer.Permit($"deed of {r.Targets.Count}") };

        world.Run("title: t\nmethod:\n" + Kill, (10, () => Assert.Empty(world.GivenBack)));

        Assert.Equal(["deed of 2"], world.GivenBack);
        Assert.Equal(64, world.Asked[0].ExperimentHash.Length);
        Assert.StartsWith("2026", world.Asked[0].Run);
    }

    [Fact]
    public void Somebody_else_on_the_machine_can_ask_for_its_end()
    {
        using var folder = new TempFolder();
        var running = new RunningExperiments(folder.Path);
        var world = new Simulation { StateFolder = folder.Path };

        var outcome = world.Run("title: t\nmethod:\n" + Kill, (10, () => running.AskToStop(Assert.Single(running.Read()).Id, "ops")));

        Assert.Equal((ExperimentStatus.Interrupted, "somebody asked for its end"), (outcome.Status, outcome.Why));
        Assert.Contains("FaultOff a1 @10.1", world.Lines);
        Assert.Empty(running.Read());
    }

    [Fact]
    public void What_the_container_engine_tells_of_what_was_struck_is_on_the_timeline()
    {
        var engine = Channel.CreateUnbounded<EngineEvent>();
        var world = new Simulation { Engine = engine };

        world.Run("title: t\nmethod:\n" + Kill,
            (5, () => engine.Writer.TryWrite(Changed("a1", "die"))), (5, () => engine.Writer.TryWrite(Changed("another", "die"))), (30, () => engine.Writer.TryWrite(Changed("a1", "start"))));

        Assert.Equal(["die", "start"], world.Told.OfType<TimelineEvent.ContainerChanged>().Select(e => e.Action));
        Assert.Equal(4.5, world.Told.OfType<TimelineEvent.ContainerChanged>().First().At.TotalSeconds);

        EngineEvent Changed(string name, string action) => new EngineEvent.Changed((world.Time.GetUtcNow() - DateTimeOffset.UnixEpoch - TimeSpan.FromSeconds(0.5)).Ticks * 100, "id", name, action);
    }

    [Fact]
    public void Guards_that_can_not_be_asked_say_no()
    {
        var world = new Simulation { Says = _ => throw new IOException("the book is locked") };

        Assert.Equal(3, world.Run("title: t\nmethod:\n" + Kill).ExitCode);
        Assert.Empty(world.Executor.Ordered);
    }

    [Fact]
    public void A_target_that_has_gone_is_no_silent_pass()
    {
        var world = new Simulation();

        var outcome = world.Run("title: t\nmethod:\n" + Kill.Replace("name: kill,", "name: kill, pauses: { before: 5 },"), (2, world.Candidates.Clear));

        Assert.Equal((ExperimentStatus.Failed, 99), (outcome.Status, outcome.ExitCode));
        Assert.Contains("FaultFailed app=a @5", world.Lines);
    }

    [Fact]
    public void An_inventory_that_can_not_be_told_is_explained()
    {
        var world = new Simulation { InventoryFails = new InventoryException("The container engine's socket is not there.") };

        Assert.Contains("The container engine's socket is not there.", world.Run("title: t\nmethod:\n" + Kill).Why);
    }

    [Fact]
    public void An_executor_that_can_not_be_had_is_explained()
    {
        var world = new Simulation { MakesExecutor = () => throw new IOException("agent shop-2 is away") };

        var outcome = world.Run("title: t\nmethod:\n" + Kill);

        Assert.Equal(99, outcome.ExitCode);
        Assert.Contains("agent shop-2 is away", outcome.Why);
    }

    [Fact]
    public void A_failed_rollback_is_something_that_is_left()
    {
        var outcome = new Simulation().Run("title: t\nmethod: []\nrollbacks: [ { type: action, name: tidy, provider: { type: process, path: /nowhere/tidy } } ]");

        Assert.Equal(4, outcome.ExitCode);
        Assert.Contains("the rollback tidy failed: the program /nowhere/tidy is not there", outcome.Left[0]);
    }

    [Fact]
    public void The_journal_is_on_disk_step_by_step_and_holds_no_secret()
    {
        using var folder = new TempFolder();
        var world = new Simulation { Folder = folder.Path, Sees = _ => new(new JsonObject { ["said"] = "token s3cret-t0ken!" }) };
        JsonNode? inBetween = null;

        var outcome = world.Run("""
            title: t
            secrets: { g: { token: { type: env, key: TOKEN } } }
            method:
              - { type: probe, name: look, tolerance: { type: regex, target: said, pattern: "${token}$" }, provider: { type: pressure, probe: tcp, arguments: { address: "${token}" } } }

            """ + Kill, (10, () => inBetween = JsonNode.Parse(File.ReadAllText(Assert.Single(Directory.GetFiles(folder.File("chaos")))))));

        Assert.Equal((null, "succeeded", null), ((string?)inBetween!["status"], (string?)inBetween["run"]![0]!["status"], (string?)inBetween["run"]![1]!["status"]));
        var written = File.ReadAllText(Path.Combine(folder.Path, "chaos", $"{outcome.Id}.journal.json"));
        Assert.DoesNotContain("s3cret", written + outcome.Journal.ToJsonString() + string.Join('\n', world.Told) + string.Join('\n', world.Steps));
        Assert.Equal("token ***!", (string?)JsonNode.Parse(written)!["run"]![0]!["output"]!["said"]);
        Assert.Equal("completed", (string?)JsonNode.Parse(written)!["status"]);
    }

    [Fact]
    public void A_journal_that_can_not_be_written_fails_the_run_but_undoes_everything()
    {
        using var folder = new TempFolder();
        File.WriteAllText(folder.File("chaos"), "a file where a folder should be");
        var world = new Simulation { Folder = folder.Path };

        var outcome = world.Run("title: t\nmethod:\n" + Kill);

        Assert.Equal(ExperimentStatus.Failed, outcome.Status);
        Assert.Empty(world.Executor.InForce);
    }
}
