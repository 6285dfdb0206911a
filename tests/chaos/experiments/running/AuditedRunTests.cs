using Pressure.Chaos.Tests.Guards;

namespace Pressure.Chaos.Tests.Experiments.Running;

/// <summary>What a run tells the audit log.</summary>
public sealed class AuditedRunTests
{
    private const string Kill = "title: t\nmethod:\n- { type: action, name: kill, provider: { type: pressure, fault: container-kill, target: { container: { labels: { app: a } } }, duration: 10s } }\n";

    [Fact]
    public void What_was_struck_and_how_it_ended_is_told_between_the_run_s_beginning_and_end()
    {
        var audit = new RememberedAudit();
        Assert.Equal(0, new Simulation { Audit = audit }.Run(Kill).ExitCode);
        Assert.Equal(
            ["experiment begins t", "strike in force container-kill on a1", "strike ended container-kill on a1", "experiment completed t"],
            audit.Entries.Select(e => $"{e.What} {e.Outcome} {e.On}"));
        Assert.All(audit.Entries, e => Assert.Equal("test", e.Who));
    }

    [Fact]
    public void Nothing_is_struck_that_can_not_be_told_of()
    {
        var world = new Simulation { Audit = new RememberedAudit { Full = true } };
        var outcome = world.Run(Kill);
        Assert.Equal((ExperimentStatus.Failed, "The audit log can't be written: no space left."), (outcome.Status, outcome.Why));
        Assert.Empty(world.Executor.Ordered);
    }

    [Fact]
    public void Looking_only_is_not_told()
    {
        var audit = new RememberedAudit();
        new Simulation { Audit = audit }.Run("title: t\nmethod: []\n");
        Assert.Empty(audit.Entries);
    }
}
