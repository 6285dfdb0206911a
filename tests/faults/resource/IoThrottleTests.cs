namespace Pressure.Faults.Tests.Resource;

public sealed class IoThrottleTests : IDisposable
{
    private const string Kind = "process-io-throttle";
    private const string Read = "blkio.throttle.read_bps_device", Write = "blkio.throttle.write_bps_device";

    private readonly Trial _trial = new();
    private readonly OwnGroup _group = new("blkio");
    private readonly ChildProcess _child = ChildProcess.Waiting();
    private readonly string _disk = BlockDevice.Behind(Environment.ProcessId, "/tmp") ?? "";

    public IoThrottleTests()
    {
        Assert.SkipWhen(_disk.Length == 0, "The temporary folder lies on no disk.");
        _group.Add(_child.Pid);
    }

    public void Dispose()
    {
        _child.Dispose();
        _group.Dispose();
        _trial.Dispose();
    }

    [Fact]
    public async Task The_disk_behind_a_folder_is_limited_and_every_setting_is_as_before_when_undone()
    {
        var before = _group.Settings();
        var intent = await _trial.ApplyAsync(Kind, _child.Target, ("read", "2MiB"), ("write", "1MiB"), ("path", "/tmp"));
        Assert.Equal(($"{_disk} 2097152\n", $"{_disk} 1048576\n"), (_group.Read(Read), _group.Read(Write)));
        Assert.Contains("still stands", await _trial.ResidueAsync(intent));

        Assert.IsType<UndoOutcome.Undone>(await _trial.UndoAsync(intent));
        Assert.Equal(before, _group.Settings());
        Assert.Null(await _trial.ResidueAsync(intent));
        Assert.IsType<UndoOutcome.NothingToUndo>(await _trial.UndoAsync(intent));
    }

    [Fact]
    public async Task A_limit_that_stood_before_and_those_of_other_disks_are_kept()
    {
        var other = Directory.EnumerateDirectories("/sys/dev/block").Select(Path.GetFileName).FirstOrDefault(d => d != _disk && d!.StartsWith("7:", StringComparison.Ordinal));
        _group.Write(Write, $"{_disk} 5000000");
        if (other is not null)
            _group.Write(Write, $"{other} 6000000");
        var before = _group.Settings();

        var intent = await _trial.ApplyAsync(Kind, _child.Target, ("write", "1MiB"), ("path", "/tmp"));
        Assert.Contains($"{_disk} 1048576\n", _group.Read(Write));
        Assert.Equal("", _group.Read(Read));
        Assert.IsType<UndoOutcome.Undone>(await _trial.UndoAsync(intent));
        Assert.Equal(before, _group.Settings());
    }

    [Fact]
    public async Task What_can_not_be_limited_is_refused()
    {
        Assert.Contains("needs read or write", Trial.Why(await _trial.TryPrepareAsync(Kind, _child.Target)));
        Assert.Contains("No disk is behind /proc", Trial.Why(await _trial.TryPrepareAsync(Kind, _child.Target, ("read", "1MiB"), ("path", "/proc"))));
        Assert.Contains("No disk is behind /nowhere", Trial.Why(await _trial.TryPrepareAsync(Kind, _child.Target, ("read", "1MiB"), ("path", "/nowhere"))));
    }
}
