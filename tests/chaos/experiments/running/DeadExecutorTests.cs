namespace Pressure.Chaos.Tests.Experiments.Running;

/// <summary>An executor that ends between two faults of an experiment.</summary>
public sealed class DeadExecutorTests
{
    private const string Kill = "  - { type: action, name: kill, pauses: { before: 5 }, provider: { type: pressure, fault: container-kill, target: { container: a1 }, duration: 30s } }\n";

    [Fact]
    public void The_next_fault_has_another_one_and_both_are_let_go_of()
    {
        var world = new Simulation();
        List<FakeExecutor> made = [];
        world.MakesExecutor = () =>
        {
            made.Add(new(world.Time) { Prefix = $"of{made.Count}-" });
            return made[^1];
        };

        var outcome = world.Run("title: t\nmethod:\n" + Kill + Kill, (37, () => made[0].HasEnded = true));

        Assert.Equal(0, outcome.ExitCode);
        Assert.Equal([1, 1], made.Select(e => e.Ordered.Count));
        Assert.All(made, e => Assert.True(e.IsDisposed));
    }
}
