using Pressure.Faults.Tests.Executor;
using Pressure.Faults.Tests.Journal;

namespace Pressure.Faults.Tests.Watchdog;

public sealed class ReconcilerTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly NotedFault _fault = new();

    private FaultJournal Journal => new(_folder.Path);

    private Reconciler Reconciler => new(_folder.Path, _ => [_fault], FaultClock.OfMachine(TimeProvider.System), new UndoPatience { BackOff = TimeSpan.FromMilliseconds(1), SecondLook = TimeSpan.FromMilliseconds(1) });

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Orphans_are_reverted_and_what_somebody_has_is_left_to_them()
    {
        var (orphan, owned) = (FaultJournalTests.Intent(), FaultJournalTests.Intent());
        Journal.Write(orphan).Dispose();
        using var held = Journal.Write(owned);

        var end = Assert.Single(await Reconciler.RevertOrphansAsync("start"));

        Assert.Equal((orphan.Handle, new UndoOutcome.Undone(), "start"), (end.Handle, end.Outcome, end.By));
        Assert.Equal(owned.Handle, Assert.IsType<JournalEntry.Known>(Assert.Single(Journal.Read())).Intent.Handle);
    }

    [Fact]
    public async Task What_shows_only_a_moment_after_it_was_undone_is_undone_again()
    {
        Journal.Write(FaultJournalTests.Intent()).Dispose();
        // Clean right after the undoing, there a moment later, gone after the second.
        var looks = 0;
        _fault.Residue = () => ++looks == 2 ? "a rule that was under way" : null;

        var end = Assert.Single(await Reconciler.RevertOrphansAsync("watchdog"));

        Assert.Equal(new UndoOutcome.Undone(), end.Outcome);
        Assert.Equal(["undo", "look", "look", "undo", "look"], _fault.Steps);
    }

    [Fact]
    public async Task A_fault_that_this_program_does_not_know_stays_and_is_told_of()
    {
        Journal.Write(FaultJournalTests.Intent() with { Kind = "of-another-version" }).Dispose();

        var end = Assert.Single(await Reconciler.RevertOrphansAsync("start"));

        Assert.Contains("of-another-version", Assert.IsType<UndoOutcome.Incomplete>(end.Outcome).What, StringComparison.Ordinal);
        Assert.False(Journal.IsEmpty);
    }

    [Fact]
    public async Task Faults_are_undone_through_the_engine_that_they_were_applied_through()
    {
        Journal.Write(FaultJournalTests.Intent() with { DockerSocket = "/run/other.sock" }).Dispose();
        var sockets = new List<string>();
        var reconciler = new Reconciler(_folder.Path, tools =>
        {
            sockets.Add(tools.DockerSocket);
            return [_fault];
        }, FaultClock.OfMachine(TimeProvider.System));

        await reconciler.RevertOrphansAsync("start");

        Assert.Equal(["/run/other.sock"], sockets);
    }

    [Fact]
    public async Task A_single_fault_is_reverted_where_one_is_meant()
    {
        var (one, other) = (FaultJournalTests.Intent(), FaultJournalTests.Intent());
        Journal.Write(one).Dispose();
        Journal.Write(other).Dispose();

        var ends = await new Reversal(_folder.Path, _ => [_fault], FaultClock.OfMachine(TimeProvider.System)).RevertAsync(i => i.Handle == one.Handle, "revert");

        Assert.Equal(one.Handle, Assert.Single(ends).Intent.Handle);
        Assert.True(Journal.Has(other.Handle));
    }
}
