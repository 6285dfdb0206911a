namespace Pressure.Faults.Tests.Resource;

public sealed class MemoryLimitTests : IDisposable
{
    private const string Kind = "process-memory-limit";
    private const long Limit = 256 << 20;

    private readonly Trial _trial = new();
    private readonly OwnGroup _group = new("memory");
    private readonly ChildProcess _child = ChildProcess.Waiting();

    public MemoryLimitTests() => _group.Add(_child.Pid);

    public void Dispose()
    {
        _child.Dispose();
        _group.Dispose();
        _trial.Dispose();
    }

    [Theory]
    [InlineData(0)]
    [InlineData(Limit)]
    [InlineData(2 * Limit)]
    public async Task The_limit_holds_with_and_without_one_for_swap_and_every_setting_is_as_before_when_undone(long withSwap)
    {
        _group.Write("memory.limit_in_bytes", $"{Limit}");
        if (withSwap > 0)
            _group.Write("memory.memsw.limit_in_bytes", $"{withSwap}");
        var before = _group.Settings();

        // Not a whole page: the kernel rounds, and is known to.
        var intent = await _trial.ApplyAsync(Kind, _child.Target, ("bytes", $"{(128 << 20) + 1000}"));
        Assert.Equal($"{128 << 20}\n", _group.Read("memory.limit_in_bytes"));
        if (withSwap > 0)
            Assert.Equal($"{withSwap - Limit + (128 << 20)}\n", _group.Read("memory.memsw.limit_in_bytes"));
        Assert.NotNull(await _trial.ResidueAsync(intent));

        Assert.IsType<UndoOutcome.Undone>(await _trial.UndoAsync(intent));
        Assert.Equal(before, _group.Settings());
        Assert.Null(await _trial.ResidueAsync(intent));
        Assert.IsType<UndoOutcome.NothingToUndo>(await _trial.UndoAsync(intent));
    }

    [Fact]
    public async Task One_that_broke_off_half_way_is_undone()
    {
        _group.Write("memory.limit_in_bytes", $"{Limit}");
        _group.Write("memory.memsw.limit_in_bytes", $"{Limit}");
        var before = _group.Settings();
        var intent = await _trial.PrepareAsync(Kind, _child.Target, ("bytes", "128MiB"));
        _group.Write("memory.limit_in_bytes", $"{128 << 20}");
        Assert.IsType<UndoOutcome.Undone>(await _trial.UndoAsync(intent));
        Assert.Equal(before, _group.Settings());
    }

    [Fact]
    public async Task Shrinking_what_has_no_limit_is_refused_beforehand() =>
        Assert.Contains("has no memory limit", Trial.Why(await _trial.TryPrepareAsync(Kind, _child.Target, ("bytes", "128MiB"))));

    [Fact]
    public async Task A_limit_below_what_is_in_use_or_above_what_there_is_is_refused()
    {
        _group.Write("memory.limit_in_bytes", $"{Limit}");
        Assert.Contains("would not be less", Trial.Why(await _trial.TryPrepareAsync(Kind, _child.Target, ("bytes", "1GiB"))));

        using var eater = ChildProcess.Shell("echo $$ > " + _group.Path + "/cgroup.procs; exec busybox awk 'BEGIN { s = sprintf(\"%40000000d\", 1); print \"full\"; system(\"\"); getline }'");
        await eater.Output.ReadLineAsync(TestContext.Current.CancellationToken);
        Assert.Contains("would end it at once", Trial.Why(await _trial.TryPrepareAsync(Kind, _child.Target, ("bytes", "8MiB"))));
    }
}
