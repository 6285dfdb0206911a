namespace Pressure.Faults.Tests.Resource;

public sealed class ProcessFreezeTests : IDisposable
{
    private readonly Trial _trial = new();
    private readonly ChildProcess _child = ChildProcess.Waiting();

    public void Dispose()
    {
        _child.Dispose();
        _trial.Dispose();
    }

    [Fact]
    public async Task A_frozen_process_stands_still_and_goes_on_when_undone()
    {
        var intent = await _trial.ApplyAsync("process-freeze", _child.Target);
        Assert.Equal('T', _child.Seen.State);
        Assert.Contains("still stopped", await _trial.ResidueAsync(intent));

        Assert.IsType<UndoOutcome.Undone>(await _trial.UndoAsync(intent));
        Assert.NotEqual('T', _child.Seen.State);
        Assert.Null(await _trial.ResidueAsync(intent));
    }

    [Fact]
    public async Task Undoing_before_applying_and_undoing_twice_is_harmless()
    {
        var intent = await _trial.PrepareAsync("process-freeze", _child.Target);
        Assert.IsType<UndoOutcome.NothingToUndo>(await _trial.UndoAsync(intent));
        await _trial.ApplyAsync(intent);
        Assert.IsType<UndoOutcome.Undone>(await _trial.UndoAsync(intent));
        Assert.IsType<UndoOutcome.NothingToUndo>(await _trial.UndoAsync(intent));
    }

    [Fact]
    public async Task A_process_that_died_while_frozen_leaves_nothing_to_undo()
    {
        var intent = await _trial.ApplyAsync("process-freeze", _child.Target);
        _child.Kill();
        Assert.Equal("the process has ended", Assert.IsType<UndoOutcome.NothingToUndo>(await _trial.UndoAsync(intent)).Why);
        Assert.Null(await _trial.ResidueAsync(intent));
    }

    [Fact]
    public async Task A_later_process_with_the_same_id_is_neither_struck_nor_touched()
    {
        var earlier = _child.Target with { Start = _child.Target.Start - 1 };
        Assert.Contains("has ended", Trial.Why(await _trial.TryPrepareAsync("process-freeze", earlier)));

        using var other = ChildProcess.Waiting();
        var stopped = await _trial.ApplyAsync("process-freeze", other.Target);
        stopped.Prior["processes"]![0]!["start"] = other.Target.Start - 1;
        Assert.IsType<UndoOutcome.NothingToUndo>(await _trial.UndoAsync(stopped));
        Assert.Equal('T', other.Seen.State);
    }

    [Fact]
    public async Task A_process_that_is_stopped_already_is_refused()
    {
        await _trial.ApplyAsync("process-freeze", _child.Target);
        Assert.Contains("stopped already", Trial.Why(await _trial.TryPrepareAsync("process-freeze", _child.Target)));
    }

    [Fact]
    public async Task Neither_Pressure_itself_nor_what_it_was_started_from_can_be_frozen()
    {
        var self = HostProcesses.Of(Environment.ProcessId)!;
        Assert.Contains("Pressure itself", Trial.Why(await _trial.TryPrepareAsync("process-freeze", new FaultTarget.Process(self.Pid, self.Start, self.Name))));
        var parent = HostProcesses.Of(self.Parent)!;
        Assert.IsType<Preparation.Refused>(await _trial.TryPrepareAsync("process-freeze", new FaultTarget.Process(parent.Pid, parent.Start, parent.Name)));
    }

    [Fact]
    public async Task Those_that_descend_from_it_are_frozen_with_it_but_for_one_that_was_stopped_before()
    {
        using var family = ChildProcess.Shell("sleep 600 & sleep 601 & echo $!; wait");
        var stoppedBefore = int.Parse((await family.Output.ReadLineAsync(TestContext.Current.CancellationToken))!);
        using (var held = HeldProcess.Hold(stoppedBefore, HostProcesses.Of(stoppedBefore)!.Start)!)
            held.Signal(KernelCalls.SigStop);
        await UntilAsync(() => HostProcesses.Of(stoppedBefore)!.State == 'T');

        var intent = await _trial.ApplyAsync("process-freeze", family.Target, ("children", "true"));
        await UntilAsync(() => HostProcesses.Below(family.Pid).Append(family.Seen).All(p => p.State == 'T'));
        Assert.IsType<UndoOutcome.Undone>(await _trial.UndoAsync(intent));

        var still = Assert.Single(HostProcesses.Below(family.Pid).Append(family.Seen), p => p.State == 'T');
        Assert.Equal(stoppedBefore, still.Pid);
    }

    [Fact]
    public async Task After_another_boot_there_is_nothing_to_undo()
    {
        var intent = await _trial.ApplyAsync("process-freeze", _child.Target);
        Assert.Contains("started anew", Assert.IsType<UndoOutcome.NothingToUndo>(await _trial.UndoAsync(intent with { BootId = "other" })).Why);
        Assert.IsType<UndoOutcome.Undone>(await _trial.UndoAsync(intent));
    }

    internal static async Task UntilAsync(Func<bool> so)
    {
        for (var attempt = 0; !so(); attempt++)
        {
            Assert.True(attempt < 6000, "It did not become so within two minutes.");
            await Task.Delay(20, TestContext.Current.CancellationToken);
        }
    }
}
