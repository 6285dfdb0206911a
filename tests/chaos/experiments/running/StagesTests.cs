using System.Text.Json.Nodes;

namespace Pressure.Chaos.Tests.Experiments.Running;

public sealed class StagesTests
{
    private const string Staged = """
        title: t
        steady-state-hypothesis:
          title: It is up
          probes:
            - { type: probe, name: up, tolerance: true, provider: { type: pressure, probe: tcp, arguments: { address: x } } }
        method:
          - { type: action, name: kill, provider: { type: pressure, fault: container-kill, target: { container: { labels: { app: a } } }, duration: 30s, stages: [ 1, 25%, 100% ], stageTime: 10s } }
        """;

    [Fact]
    public void The_blast_radius_grows_stage_by_stage()
    {
        var world = new Simulation(8);

        var outcome = world.Run(Staged);

        Assert.Equal(0, outcome.ExitCode);
        Assert.Equal([(0, 1), (10, 1), (20, 6)], world.Executor.Ordered.GroupBy(o => o.At).Select(g => ((int)g.Key.TotalSeconds, g.Count())));
        Assert.Equal(8, world.Executor.Ordered.Select(o => o.Order.Target.Label).Distinct().Count());
        Assert.Equal([50, 40, 30], world.Executor.Ordered.Select(o => (int)o.Order.Duration.TotalSeconds).Distinct());
        Assert.All(world.Told.OfType<TimelineEvent.FaultOff>(), e => Assert.Equal(50, e.At.TotalSeconds));
        Assert.Equal([(1, 0), (1, 1), (6, 2)], world.Asked.Select(a => (a.Targets.Count, a.AlreadyStruck)));
        Assert.Equal(2, ((JsonArray)outcome.Journal["steady_states"]!["during"]!).Count);
    }

    [Fact]
    public void A_check_that_fails_between_stages_undoes_all_and_ends_it()
    {
        var world = new Simulation(8);

        var outcome = world.Run(Staged, (15, () => world.Sees = _ => new(JsonValue.Create(world.Executor.InForce.Count == 0))));

        Assert.Equal((ExperimentStatus.Aborted, true, 99), (outcome.Status, outcome.Deviated, outcome.ExitCode));
        Assert.Equal(2, world.Executor.Ordered.Count);
        Assert.Empty(world.Executor.InForce);
        Assert.All(world.Told.OfType<TimelineEvent.FaultOff>(), e => Assert.Equal(20, e.At.TotalSeconds));
        Assert.Contains("after stage 2 of 3", outcome.Why);
    }

    [Theory]
    [InlineData("1,25%,100%", 8, "1,1,6")]
    [InlineData("1,25%,100%", 1, "1")]
    [InlineData("25%,100%", 3, "3")]
    [InlineData("2,2,4", 4, "2,2")]
    [InlineData("50%", 5, "2")]
    [InlineData("all", 5, "5")]
    [InlineData("", 5, "5")]
    [InlineData("10%", 5, "Every stage is less than one of 5. Use numbers, or larger shares.")]
    [InlineData("1,9", 5, "A stage strikes 9, and only 5 were chosen. Use shares, or fewer.")]
    public void Stages_add_up_to_what_was_chosen_and_none_is_empty(string stages, int targets, string expected)
    {
        var (batches, problem) = StagePlan.Of([.. stages.Split(',', StringSplitOptions.RemoveEmptyEntries).Select(s => SelectionMode.Parse(s)!)], new Simulation(targets).Candidates, new Random(3));

        Assert.Equal(expected, problem ?? string.Join(',', batches.Select(b => b.Count)));
        Assert.Equal(batches.Sum(b => b.Count), batches.SelectMany(b => b).Distinct().Count());
    }
}
