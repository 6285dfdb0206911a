using System.Text.Json;
using System.Text.Json.Nodes;
using Pressure.Faults.Tests.Journal;
using Pressure.Faults.Tests.Resource;

namespace Pressure.Faults.Tests.Watchdog;

/// <summary>The journal of a machine that was started anew meanwhile.</summary>
public sealed class AnotherBootTests : IDisposable
{
    private const string Earlier = "11111111-2222-3333-4444-555555555555";

    private readonly TempFolder _state = new(), _disk = new();

    public void Dispose()
    {
        _state.Dispose();
        _disk.Dispose();
    }

    [Fact]
    public async Task Processes_that_bear_the_old_numbers_are_left_alone()
    {
        using var stopped = ChildProcess.Waiting();
        using var namesake = ChildProcess.Waiting();
        Assert.Equal(0, Posix.Signal(stopped.Pid, KernelCalls.SigStop));
        var executor = FaultHandle.New();
        Write(executor, namesake);
        Journal("process-freeze", stopped.Target, new() { ["processes"] = new JsonArray(StruckProcess.Keep(stopped.Seen)) }, executor);

        var end = await RevertAsync();

        Assert.IsType<UndoOutcome.NothingToUndo>(end.Outcome);
        Assert.Equal('T', stopped.Seen.State);
        Assert.NotNull(HostProcesses.Of(namesake.Pid));
    }

    [Fact]
    public async Task What_outlives_a_start_is_undone()
    {
        var place = new JsonObject { ["root"] = "/", ["path"] = _disk.Path };
        var handle = Journal("host-disk-fill", new FaultTarget.Host("here"), new() { ["process"] = null, ["path"] = _disk.Path, ["place"] = place, ["bytes"] = 4, ["reserve"] = 0 }, "");
        File.WriteAllText(_disk.File($"pressure-{handle}.fill"), "full");

        Assert.IsType<UndoOutcome.Undone>((await RevertAsync()).Outcome);
        Assert.Empty(Directory.GetFiles(_disk.Path));
    }

    private async Task<FaultEnd> RevertAsync()
    {
        var end = Assert.Single(await new Reconciler(_state.Path, FaultCatalogue.All, FaultClock.OfMachine(TimeProvider.System)).RevertOrphansAsync("start"));
        Assert.True(new FaultJournal(_state.Path).IsEmpty);
        return end;
    }

    private string Journal(string kind, FaultTarget target, JsonObject prior, string executor)
    {
        // By the clock since boot its deadline lies ahead: that clock has begun anew.
        var intent = FaultJournalTests.Intent() with { Kind = kind, Target = target, Prior = prior, Executor = executor, BootId = Earlier, DeadlineSinceBoot = TimeSpan.FromDays(9_000) };
        new FaultJournal(_state.Path).Write(intent).Dispose();
        return intent.Handle;
    }

    /// <summary>The file of an executor of the earlier boot; today its process's number is another's.</summary>
    private void Write(string executor, ChildProcess namesake)
    {
        var identity = new ExecutorIdentity(executor, namesake.Pid, namesake.Seen.Start, TimeSpan.FromSeconds(1), Earlier);
        File.WriteAllText(Path.Combine(StateFolder.Ensure(ExecutorFile.FolderOf(_state.Path)), $"{executor}.json"), $"{TimeSpan.FromHours(1).Ticks:D20}\n{JsonSerializer.Serialize(identity, FaultJson.Default.ExecutorIdentity)}");
    }
}
