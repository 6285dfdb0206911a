namespace Pressure.Faults.Tests.Resource;

public sealed class ProcessKillTests : IDisposable
{
    private const string Kind = "process-kill";

    private readonly Trial _trial = new();
    private readonly TempFolder _folder = new();

    public void Dispose()
    {
        _folder.Dispose();
        _trial.Dispose();
    }

    [Theory]
    [InlineData("KILL")]
    [InlineData("SIGTERM")]
    [InlineData("15")]
    public async Task It_is_ended_and_its_command_starts_it_again_once(string signal)
    {
        using var child = ChildProcess.Waiting();
        var intent = await _trial.ApplyAsync(Kind, child.Target, ("signal", signal), ("restart", $"echo again >> {_folder.File("log")}; exec sleep 654"));
        Assert.Null(HostProcesses.Of(child.Pid));
        Assert.Contains("has not been started again", await _trial.ResidueAsync(intent));

        Assert.IsType<UndoOutcome.Undone>(await _trial.UndoAsync(intent));
        Assert.IsType<UndoOutcome.NothingToUndo>(await _trial.UndoAsync(intent));
        Assert.Null(await _trial.ResidueAsync(intent));
        Assert.Equal(["again"], File.ReadLines(_folder.File("log")));
        End(new RestartNote(_trial.Tools.Folder, intent.Handle).Started()!);
    }

    [Fact]
    public async Task An_undoing_that_broke_off_after_starting_does_not_start_it_twice()
    {
        using var child = ChildProcess.Waiting();
        var intent = await _trial.ApplyAsync(Kind, child.Target, ("restart", $"echo again >> {_folder.File("log")}; exec sleep 655"));
        await _trial.UndoAsync(intent);
        var note = new RestartNote(_trial.Tools.Folder, intent.Handle);
        note.Write();
        Assert.IsType<UndoOutcome.Undone>(await _trial.UndoAsync(intent));
        Assert.Equal(["again"], File.ReadLines(_folder.File("log")));
        End(note.Started()!);
    }

    [Fact]
    public async Task Undoing_before_a_signal_was_sent_touches_nothing()
    {
        using var child = ChildProcess.Waiting();
        var intent = await _trial.PrepareAsync(Kind, child.Target, ("restart", $"touch {_folder.File("started")}"));
        Assert.IsType<UndoOutcome.NothingToUndo>(await _trial.UndoAsync(intent));
        Assert.NotNull(HostProcesses.Of(child.Pid));
        Assert.False(File.Exists(_folder.File("started")));
    }

    [Fact]
    public async Task One_that_does_not_heed_the_signal_is_killed_after_its_grace()
    {
        using var child = ChildProcess.Shell("trap '' TERM; echo ready; while :; do sleep 1; done");
        await child.Output.ReadLineAsync(TestContext.Current.CancellationToken);
        var intent = await _trial.ApplyAsync(Kind, child.Target, ("signal", "TERM"), ("grace", "200ms"), ("restart", "true"));
        Assert.Null(HostProcesses.Of(child.Pid));
        Assert.IsType<UndoOutcome.Undone>(await _trial.UndoAsync(intent));
    }

    [Fact]
    public async Task What_somebody_else_has_started_again_is_not_started_a_second_time()
    {
        using var child = ChildProcess.Shell("exec sleep 656.7");
        await ProcessFreezeTests.UntilAsync(() => child.Seen.Arguments is ["sleep", _]);
        var intent = await _trial.ApplyAsync(Kind, child.Target, ("restart", $"touch {_folder.File("started")}"));
        using var again = ChildProcess.Shell("exec sleep 656.7");
        await ProcessFreezeTests.UntilAsync(() => again.Seen.Arguments is ["sleep", _]);
        Assert.Contains("somebody else", Assert.IsType<UndoOutcome.NothingToUndo>(await _trial.UndoAsync(intent)).Why);
        Assert.False(File.Exists(_folder.File("started")));
        Assert.Null(await _trial.ResidueAsync(intent));
    }

    [Fact]
    public async Task A_command_that_fails_is_no_undoing()
    {
        using var child = ChildProcess.Waiting();
        var intent = await _trial.ApplyAsync(Kind, child.Target, ("restart", "exit 7"));
        var left = Assert.IsType<UndoOutcome.Incomplete>(await _trial.UndoAsync(intent));
        Assert.Contains("ended with 7", left.What);
        Assert.Equal("Start it: exit 7", left.Remedy);
        Assert.NotNull(await _trial.ResidueAsync(intent));
    }

    [Fact]
    public async Task Without_a_command_or_with_a_signal_whose_effect_nobody_can_undo_it_is_refused()
    {
        using var child = ChildProcess.Waiting();
        Assert.Contains("needs 'restart'", Trial.Why(await _trial.TryPrepareAsync(Kind, child.Target)));
        Assert.Contains("can't be undone", Trial.Why(await _trial.TryPrepareAsync(Kind, child.Target, ("restart", " "))));
        Assert.Contains("can't be undone", Trial.Why(await _trial.TryPrepareAsync(Kind, child.Target, ("restart", "true"), ("signal", "HUP"))));
    }

    private static void End(HostProcess process)
    {
        using var held = HeldProcess.Hold(process.Pid, process.Start);
        held?.Signal(Posix.SigKill);
    }
}
