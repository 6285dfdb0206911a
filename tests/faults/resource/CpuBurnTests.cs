using System.Diagnostics;

namespace Pressure.Faults.Tests.Resource;

public sealed class CpuBurnTests : IDisposable
{
    private static readonly FaultTarget.Host Host = new("here");

    private readonly Trial _trial = new();

    public void Dispose() => _trial.Dispose();

    // It forgives itself what it was starved of.
    [Fact]
    [NeedsQuiet]
    public async Task It_burns_about_the_share_that_was_asked_for()
    {
        var intent = await _trial.ApplyAsync("host-cpu-burn", Host, ("percent", "30%"), ("cores", "1"));
        var burner = Assert.Single(Burner.Of(intent.Handle));
        var (before, begun) = (Ticks(burner.Pid), Stopwatch.GetTimestamp());
        await Task.Delay(TimeSpan.FromSeconds(3), TestContext.Current.CancellationToken);
        var share = (Ticks(burner.Pid) - before) / 100.0 / Stopwatch.GetElapsedTime(begun).TotalSeconds;
        await _trial.UndoAsync(intent);

        Assert.InRange(share, 0.1, 0.45);
        TestContext.Current.TestOutputHelper?.WriteLine($"burnt {share:P1} of a core, asked for 30 %");
    }

    [Fact]
    public async Task Undoing_ends_the_burner_and_twice_is_harmless()
    {
        var intent = await _trial.ApplyAsync("host-cpu-burn", Host, ("percent", "5%"), ("cores", "1"));
        Assert.Contains("still runs", await _trial.ResidueAsync(intent));
        Assert.IsType<UndoOutcome.Undone>(await _trial.UndoAsync(intent));
        Assert.Null(await _trial.ResidueAsync(intent));
        Assert.Equal("the burner has ended", Assert.IsType<UndoOutcome.NothingToUndo>(await _trial.UndoAsync(intent)).Why);
    }

    [Fact]
    public async Task It_ends_by_itself_at_its_deadline()
    {
        var prior = Trial.Ready(await _trial.TryPrepareAsync("host-cpu-burn", Host, ("percent", "5%"), ("cores", "1")));
        var intent = _trial.Journal("host-cpu-burn", Host, prior, [], TimeSpan.FromSeconds(20));
        await _trial.ApplyAsync(intent);
        await ProcessFreezeTests.UntilAsync(() => Burner.Of(intent.Handle).Count == 0);
        Assert.InRange(Posix.SinceBoot() - intent.DeadlineSinceBoot, TimeSpan.Zero, TimeSpan.FromSeconds(60));
        Assert.IsType<UndoOutcome.NothingToUndo>(await _trial.UndoAsync(intent));
    }

    [Fact]
    public async Task It_ends_by_itself_when_its_intent_is_gone()
    {
        var intent = await _trial.ApplyAsync("host-cpu-burn", Host, ("percent", "5%"), ("cores", "1"));
        _trial.Forget(intent);
        await ProcessFreezeTests.UntilAsync(() => Burner.Of(intent.Handle).Count == 0);
    }

    [Fact]
    public async Task One_that_is_started_after_its_fault_was_undone_does_not_stay()
    {
        var intent = await _trial.PrepareAsync("host-cpu-burn", Host, ("percent", "5%"));
        _trial.Forget(intent);
        var e = await Assert.ThrowsAsync<FaultException>(() => _trial.ApplyAsync(intent));
        Assert.Contains("was undone", e.Message);
        Assert.Empty(Burner.Of(intent.Handle));
    }

    [Fact]
    public async Task It_burns_in_the_control_group_of_its_target_and_ends_with_it()
    {
        using var group = new OwnGroup("cpu");
        using var child = ChildProcess.Waiting();
        group.Add(child.Pid);
        var intent = await _trial.ApplyAsync("process-cpu-burn", child.Target, ("percent", "5%"), ("cores", "1"));
        var burner = Assert.Single(Burner.Of(intent.Handle));
        Assert.Contains(burner.Pid.ToString(), group.Read("cgroup.procs").Split('\n'));

        child.Kill();
        await ProcessFreezeTests.UntilAsync(() => group.Read("cgroup.procs").Length == 0);
        Assert.IsType<UndoOutcome.NothingToUndo>(await _trial.UndoAsync(intent));
    }

    [Fact]
    public async Task What_can_not_be_burnt_is_refused()
    {
        Assert.Contains("burns nothing", Trial.Why(await _trial.TryPrepareAsync("host-cpu-burn", Host, ("percent", "0%"))));
        Assert.Contains("can't be burnt", Trial.Why(await _trial.TryPrepareAsync("host-cpu-burn", Host, ("cores", "9999"))));
        using var child = ChildProcess.Waiting();
        Assert.Contains("no control group of its own", Trial.Why(await _trial.TryPrepareAsync("process-cpu-burn", child.Target)));
    }

    /// <summary>Started by hand: fifty processes at once are much for a machine that tests much else.</summary>
    [Fact(Explicit = true)]
    public async Task Fifty_burners_are_started_and_ended_at_once()
    {
        var begun = Stopwatch.GetTimestamp();
        var intents = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => _trial.ApplyAsync("host-cpu-burn", Host, ("percent", "1%"), ("cores", "1"))));
        var started = Stopwatch.GetTimestamp();
        var outcomes = await Task.WhenAll(intents.Select(_trial.UndoAsync));
        TestContext.Current.TestOutputHelper?.WriteLine($"50 burners started in {Stopwatch.GetElapsedTime(begun, started).TotalSeconds:0.0} s, ended in {Stopwatch.GetElapsedTime(started).TotalSeconds:0.00} s");
        Assert.All(outcomes, o => Assert.IsType<UndoOutcome.Undone>(o));
        Assert.All(intents, i => Assert.Empty(Burner.Of(i.Handle)));
    }

    /// <summary>CPU time in hundredths of a second.</summary>
    private static long Ticks(int pid)
    {
        var line = File.ReadAllText($"/proc/{pid}/stat");
        var fields = line[(line.LastIndexOf(')') + 2)..].Split(' ');
        return long.Parse(fields[11]) + long.Parse(fields[12]);
    }
}
