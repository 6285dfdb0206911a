using System.Text.Json;
using Pressure.Faults.Tests.Executor;
using Pressure.Faults.Tests.Journal;
using Pressure.Faults.Tests.Resource;

namespace Pressure.Faults.Tests.Watchdog;

/// <summary>A fault that its executor could not undo and has let go of.</summary>
public sealed class LivingOwnerTests : IDisposable
{
    private readonly TempFolder _state = new();
    private readonly NotedFault _fault = new();
    private readonly FaultClock _clock = FaultClock.OfMachine(TimeProvider.System);

    // The first process of a session of its own, as executors are.
    private readonly ChildProcess _executor = ChildProcess.Shell("exec setsid sh -c 'echo there; exec sleep 600'");

    public LivingOwnerTests() => Assert.Equal("there", _executor.Output.ReadLine());

    public void Dispose()
    {
        _executor.Dispose();
        _state.Dispose();
    }

    [Fact]
    public async Task Is_reverted_without_harm_to_an_executor_that_lives()
    {
        var id = FaultHandle.New();
        using var alive = Write(id);

        Assert.IsType<UndoOutcome.Undone>((await RevertAsync(id)).Outcome);

        Assert.NotNull(HostProcesses.Of(_executor.Pid));
    }

    [Fact]
    public async Task Is_reverted_after_everything_that_a_dead_executor_left_running_has_ended()
    {
        var id = FaultHandle.New();
        Write(id).Dispose();

        Assert.IsType<UndoOutcome.Undone>((await RevertAsync(id)).Outcome);

        Assert.True(HostProcesses.Of(_executor.Pid) is null or { IsDead: true });
    }

    private async Task<FaultEnd> RevertAsync(string executor)
    {
        var intent = FaultJournalTests.Intent() with { Executor = executor, BootId = _clock.BootId };
        new FaultJournal(_state.Path).Write(intent).Dispose();
        var patience = new UndoPatience { BackOff = TimeSpan.FromMilliseconds(1), SecondLook = TimeSpan.FromMilliseconds(1) };
        return Assert.IsType<FaultEnd>(await new Reconciler(_state.Path, _ => [_fault], _clock, patience).RevertAsync(intent.Handle, "watchdog"));
    }

    /// <summary>The executor's file, locked as long as it is said to live.</summary>
    private FileLock Write(string id)
    {
        var identity = new ExecutorIdentity(id, _executor.Pid, _executor.Seen.Start, TimeSpan.FromHours(1), _clock.BootId);
        var text = $"{_clock.SinceBoot().Ticks:D20}\n{JsonSerializer.Serialize(identity, FaultJson.Default.ExecutorIdentity)}";
        return FileLock.Create(Path.Combine(StateFolder.Ensure(ExecutorFile.FolderOf(_state.Path)), $"{id}.json"), System.Text.Encoding.UTF8.GetBytes(text));
    }
}
