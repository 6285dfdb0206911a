namespace Pressure.Faults.Tests.Executor;

public class FaultRunnerTests
{
    [Fact]
    public async Task The_intent_is_in_the_journal_with_what_was_before_when_the_fault_is_applied()
    {
        await using var bench = new RunnerBench();
        IReadOnlyList<JournalEntry> seen = [];
        bench.Fault.Apply = _ =>
        {
            seen = bench.Journal.Read();
            return Task.CompletedTask;
        };

        var start = await bench.StartedAsync();

        var known = Assert.IsType<JournalEntry.Known>(Assert.Single(seen));
        Assert.True(known.Held);
        Assert.Equal((start.Handle, "noted", "e1", "me", "this boot"), (known.Intent.Handle, known.Intent.Kind, known.Intent.Experiment, known.Intent.By, known.Intent.BootId));
        Assert.Equal("this", known.Intent.Prior["before"]!.GetValue<string>());
        Assert.Equal(start.Deadline, known.Intent.Deadline);
    }

    [Fact]
    public async Task At_its_deadline_a_fault_is_undone_looked_at_and_out_of_the_journal()
    {
        await using var bench = new RunnerBench();
        var start = await bench.StartedAsync();

        var before = bench.Runner.EndOf(start.Handle);
        for (var turns = 0; turns < 299 && !before.IsCompleted; turns++)
        {
            bench.Time.Advance(TimeSpan.FromMilliseconds(100));
            await Task.Delay(1, TestContext.Current.CancellationToken);
        }
        Assert.False(before.IsCompleted, "It has ended before its deadline.");
        var end = await bench.TurnSlowlyUntilAsync(before);

        Assert.Equal((new UndoOutcome.Undone(), "deadline"), (end.Outcome, end.By));
        Assert.InRange(end.At, start.Deadline, start.Deadline + TimeSpan.FromSeconds(10));
        Assert.Equal(["prepare", "apply", "undo", "look"], bench.Fault.Steps);
        Assert.True(bench.Journal.IsEmpty);
        Assert.Equal(end, bench.Journal.EndOf(start.Handle)!.End);
    }

    [Fact]
    public async Task A_machine_that_slept_over_the_deadline_reverts_when_it_wakes()
    {
        await using var bench = new RunnerBench();
        var slept = TimeSpan.Zero;
        await using var runner = new FaultRunner("local", [bench.Fault], bench.Journal, bench.Clock with { SinceBoot = () => TimeSpan.FromTicks(bench.Time.GetTimestamp()) + slept });
        var start = Assert.IsType<FaultStart.InForce>(await runner.StartAsync(RunnerBench.Order, CancellationToken.None));

        slept = TimeSpan.FromHours(1);
        var end = await bench.TurnSlowlyUntilAsync(runner.EndOf(start.Handle));

        Assert.Equal("deadline", end.By);
        Assert.True(end.At < start.Deadline - TimeSpan.FromSeconds(20));
    }

    [Fact]
    public async Task What_is_ended_before_its_deadline_is_undone_once_and_tells_so_again_and_again()
    {
        await using var bench = new RunnerBench();
        var start = await bench.StartedAsync();

        var ends = await Task.WhenAll(bench.Runner.EndAsync(start.Handle), bench.Runner.EndAsync(start.Handle), bench.Runner.EndOf(start.Handle));

        Assert.All(ends, e => Assert.Equal((new UndoOutcome.Undone(), "controller"), (e.Outcome, e.By)));
        Assert.Single(bench.Fault.Steps, s => s == "undo");
        Assert.Equal(ends[0], await bench.Runner.EndAsync(start.Handle));
    }

    [Fact]
    public async Task A_fault_that_fails_to_apply_is_undone_and_the_reason_is_told()
    {
        await using var bench = new RunnerBench();
        bench.Fault.Apply = _ => throw new FaultException("There is no tc.");

        var failed = Assert.IsType<FaultStart.Failed>(await bench.TurnUntilAsync(bench.Runner.StartAsync(RunnerBench.Order, CancellationToken.None)));

        Assert.Equal(("There is no tc.", new UndoOutcome.Undone()), (failed.Why, failed.End.Outcome));
        Assert.True(bench.Journal.IsEmpty);
    }

    [Fact]
    public async Task What_can_not_be_undone_is_said_noted_and_let_go_of()
    {
        await using var bench = new RunnerBench();
        bench.Fault.Undo = _ => Task.FromResult<UndoOutcome>(new UndoOutcome.Incomplete("two rules are there still", "remove them"));
        var start = await bench.StartedAsync();

        var end = await bench.TurnUntilAsync(bench.Runner.EndAsync(start.Handle));

        Assert.Equal(new UndoOutcome.Incomplete("two rules are there still", "remove them"), end.Outcome);
        var known = Assert.IsType<JournalEntry.Known>(Assert.Single(bench.Journal.Read()));
        Assert.False(known.Held);
        Assert.True(known.Left!.Attempts >= 3);
        Assert.Equal("two rules are there still", known.Left.What);
    }

    [Fact]
    public async Task Asked_again_what_could_not_be_undone_is_tried_again()
    {
        await using var bench = new RunnerBench();
        bench.Fault.Undo = _ => Task.FromResult<UndoOutcome>(new UndoOutcome.Incomplete("it is there still", "wait"));
        var start = await bench.StartedAsync();
        await bench.TurnUntilAsync(bench.Runner.EndAsync(start.Handle));
        bench.Fault.Undo = _ => Task.FromResult<UndoOutcome>(new UndoOutcome.Undone());

        var end = await bench.TurnUntilAsync(bench.Runner.EndAsync(start.Handle));

        Assert.Equal(new UndoOutcome.Undone(), end.Outcome);
        Assert.True(bench.Journal.IsEmpty);
    }

    [Fact]
    public async Task An_undoing_that_claims_success_is_not_believed_while_something_is_left()
    {
        await using var bench = new RunnerBench();
        bench.Fault.Residue = () => "a queue on eth0";
        var start = await bench.StartedAsync();

        var end = await bench.TurnUntilAsync(bench.Runner.EndAsync(start.Handle));

        Assert.Equal("a queue on eth0", Assert.IsType<UndoOutcome.Incomplete>(end.Outcome).What);
        Assert.False(bench.Journal.IsEmpty);
    }

    [Fact]
    public async Task An_undoing_that_throws_or_hangs_or_is_deaf_is_tried_again()
    {
        await using var bench = new RunnerBench();
        var attempts = 0;
        bench.Fault.Undo = async limit => ++attempts switch
        {
            1 => throw new InvalidOperationException("no"),
            2 => await new TaskCompletionSource<UndoOutcome>().Task,
            _ => new UndoOutcome.Undone(),
        };
        var start = await bench.StartedAsync();

        var end = await bench.TurnUntilAsync(bench.Runner.EndAsync(start.Handle), TimeSpan.FromSeconds(1));

        Assert.Equal((3, new UndoOutcome.Undone()), (attempts, end.Outcome));
    }

    [Fact]
    public async Task Undoing_is_not_cancelled_by_whoever_started_the_fault()
    {
        await using var bench = new RunnerBench();
        using var stop = new CancellationTokenSource();
        var limitWasCut = true;
        bench.Fault.Apply = async cut =>
        {
            await stop.CancelAsync();
            await Task.Delay(Timeout.Infinite, cut);
        };
        bench.Fault.Undo = limit =>
        {
            limitWasCut = limit.IsCancellationRequested;
            return Task.FromResult<UndoOutcome>(new UndoOutcome.Undone());
        };

        var failed = Assert.IsType<FaultStart.Failed>(await bench.TurnUntilAsync(bench.Runner.StartAsync(RunnerBench.Order, stop.Token)));

        Assert.False(limitWasCut);
        Assert.Equal(new UndoOutcome.Undone(), failed.End.Outcome);
    }

    [Fact]
    public async Task The_global_stop_refuses_new_faults_and_ends_those_that_hold()
    {
        await using var bench = new RunnerBench();
        var start = await bench.StartedAsync();

        bench.Halt.Set(new Halt("me", bench.Time.GetUtcNow(), "fire"));
        var end = await bench.TurnSlowlyUntilAsync(bench.Runner.EndOf(start.Handle));
        var refused = Assert.IsType<FaultStart.Refused>(await bench.Runner.StartAsync(RunnerBench.Order, CancellationToken.None));

        Assert.Equal("halt-all", end.By);
        // By its deadline it would hold for thirty seconds.
        Assert.InRange(end.At - start.AppliedAt, TimeSpan.Zero, TimeSpan.FromSeconds(10));
        Assert.Contains("fire", refused.Why, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_stop_that_comes_between_journal_and_apply_keeps_the_fault_from_striking()
    {
        await using var bench = new RunnerBench();
        bench.Fault.Prepare = () =>
        {
            bench.Halt.Set(new Halt("me", bench.Time.GetUtcNow(), ""));
            return new Preparation.Ready([]);
        };

        var failed = Assert.IsType<FaultStart.Failed>(await bench.TurnUntilAsync(bench.Runner.StartAsync(RunnerBench.Order, CancellationToken.None)));

        Assert.DoesNotContain("apply", bench.Fault.Steps);
        Assert.Contains("halted", failed.Why, StringComparison.Ordinal);
        Assert.True(bench.Journal.IsEmpty);
    }

    [Fact]
    public async Task Whoever_wants_an_experiment_to_stop_ends_its_faults_and_no_others()
    {
        await using var bench = new RunnerBench();
        var start = await bench.StartedAsync();
        var other = Assert.IsType<FaultStart.InForce>(await bench.Runner.StartAsync(RunnerBench.Order with { Experiment = "e2" }, CancellationToken.None));

        bench.Experiments.AskToStop("e1", "me");
        await bench.TurnSlowlyUntilAsync(bench.Runner.EndOf(start.Handle));

        Assert.False(bench.Runner.EndOf(other.Handle).IsCompleted);
    }

    [Fact]
    public async Task Fifty_faults_are_undone_side_by_side()
    {
        await using var bench = new RunnerBench();
        var together = new TaskCompletionSource();
        var undoing = 0;
        bench.Fault.Undo = async _ =>
        {
            if (Interlocked.Increment(ref undoing) == 50)
                together.SetResult();
            await together.Task;
            return new UndoOutcome.Undone();
        };
        for (var i = 0; i < 50; i++)
            await bench.StartedAsync();

        var ends = await bench.Runner.EndAllAsync();

        Assert.Equal(50, ends.Count(e => e.Outcome is UndoOutcome.Undone));
    }

    [Fact]
    public async Task After_a_runner_is_closed_nothing_begins()
    {
        await using var bench = new RunnerBench();
        await bench.Runner.CloseAsync("lost controller");

        Assert.IsType<FaultStart.Refused>(await bench.Runner.StartAsync(RunnerBench.Order, CancellationToken.None));
        Assert.DoesNotContain("apply", bench.Fault.Steps);
    }

    [Theory]
    [InlineData("other", 30, "level", "1", "There is no fault 'other'")]
    [InlineData("noted", 30, "volume", "1", "takes no 'volume'")]
    [InlineData("noted", 30, "level", "much", "is no whole number")]
    [InlineData("noted", 0, "level", "1", "can't hold for")]
    [InlineData("noted", 90_000, "level", "1", "can't hold for")]
    public async Task An_order_that_is_not_right_touches_nothing(string kind, int seconds, string argument, string value, string said)
    {
        await using var bench = new RunnerBench();

        var refused = Assert.IsType<FaultStart.Refused>(await bench.Runner.StartAsync(
            new FaultOrder(kind, new FaultTarget.Host("here"), TimeSpan.FromSeconds(seconds)) { Arguments = new() { [argument] = value } }, CancellationToken.None));

        Assert.Contains(said, refused.Why, StringComparison.Ordinal);
        Assert.Empty(bench.Fault.Steps);
    }

    [Fact]
    public async Task Without_a_journal_nothing_is_touched()
    {
        await using var bench = new RunnerBench();
        File.WriteAllText(bench.Folder, "a file where the state folder should be");

        Assert.IsType<FaultStart.Refused>(await bench.Runner.StartAsync(RunnerBench.Order, CancellationToken.None));
        Assert.DoesNotContain("apply", bench.Fault.Steps);
        File.Delete(bench.Folder);
    }
}
