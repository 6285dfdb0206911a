using Pressure.Faults.Tests.Resource;

namespace Pressure.Faults.Tests.Executor;

/// <summary>A fault that looks once more before it strikes, and finds that somebody else was faster: what they did is not undone with it.</summary>
public sealed class RefusedApplyTests
{
    [Fact]
    public async Task What_says_that_it_touched_nothing_is_not_undone()
    {
        await using var bench = new RunnerBench();
        bench.Fault.Apply = _ => throw new FaultException("Somebody else was faster.") { NothingTouched = true };

        var failed = Assert.IsType<FaultStart.Failed>(await bench.TurnUntilAsync(bench.Runner.StartAsync(RunnerBench.Order, CancellationToken.None)));

        Assert.Equal("Somebody else was faster.", failed.Why);
        Assert.Equal(new UndoOutcome.NothingToUndo("nothing was touched"), failed.End.Outcome);
        Assert.Equal(["prepare", "apply"], bench.Fault.Steps);
        Assert.True(bench.Journal.IsEmpty);
        Assert.Equal(failed.End, await bench.Runner.EndOf(failed.End.Handle));
    }

    [Fact]
    public async Task A_process_that_somebody_else_has_stopped_stays_stopped()
    {
        using var trial = new Trial();
        using var child = ChildProcess.Waiting();
        var (first, second) = (await trial.PrepareAsync("process-freeze", child.Target), await trial.PrepareAsync("process-freeze", child.Target));
        await trial.ApplyAsync(first);

        Assert.True((await Assert.ThrowsAsync<FaultException>(() => trial.ApplyAsync(second))).NothingTouched);
    }

    [Fact]
    public async Task A_quota_that_somebody_else_has_set_stays()
    {
        using var trial = new Trial();
        using var child = ChildProcess.Waiting();
        using var group = new OwnGroup("cpu");
        group.Add(child.Pid);
        (string, string)[] arguments = [("percent", "10%")];
        var looked = Trial.Ready(await trial.TryPrepareAsync("process-cpu-quota", child.Target, arguments));
        await trial.ApplyAsync("process-cpu-quota", child.Target, arguments);
        var second = trial.Journal("process-cpu-quota", child.Target, looked, arguments);

        Assert.True((await Assert.ThrowsAsync<FaultException>(() => trial.ApplyAsync(second))).NothingTouched);
    }
}
