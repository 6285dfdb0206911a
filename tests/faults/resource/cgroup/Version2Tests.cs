namespace Pressure.Faults.Tests.Resource.Cgroup;

/// <summary>Control groups of version 2, as files in a folder that look as the kernel's do.</summary>
public sealed class Version2Tests : IDisposable
{
    private readonly TempFolder _machine = new();
    private readonly Trial _trial = new();
    private readonly ChildProcess _child = ChildProcess.Waiting();

    public Version2Tests()
    {
        Directory.CreateDirectory(Group);
        File.WriteAllText($"{Group}/cpu.max", "max 100000\n");
        File.WriteAllText($"{Group}/memory.max", "268435456\n");
        File.WriteAllText($"{Group}/memory.current", "73400320\n");
        File.WriteAllText($"{Group}/memory.stat", "anon 4096\ninactive_file 20971520\nactive_file 0\n");
        File.WriteAllText($"{Group}/io.max", "");
        Directory.CreateDirectory($"{Proc}/self");
        Directory.CreateDirectory($"{Proc}/{_child.Pid}");
        File.WriteAllText($"{Proc}/self/mountinfo", $"31 23 0:26 / {_machine.Path}/cgroup rw,nosuid shared:9 - cgroup2 cgroup2 rw,nsdelegate\n");
        File.WriteAllText($"{Proc}/{_child.Pid}/cgroup", "0::/system.slice/shop.service\n");
    }

    private string Proc => $"{_machine.Path}/proc";

    private string Group => $"{_machine.Path}/cgroup/system.slice/shop.service";

    public void Dispose()
    {
        _child.Dispose();
        _trial.Dispose();
        _machine.Dispose();
    }

    [Theory]
    [InlineData("max 100000", "20000 100000")]
    [InlineData("150000 50000", "10000 50000")]
    public async Task A_quota_keeps_the_period(string before, string during)
    {
        File.WriteAllText($"{Group}/cpu.max", before + "\n");
        await StrikesAsync(new CpuQuota(_trial.Tools, TargetKind.Process) { Proc = Proc }, "cpu.max", before, during, ("percent", "20%"));
    }

    [Fact]
    public async Task A_memory_limit_is_lowered() =>
        await StrikesAsync(new MemoryLimit(_trial.Tools, TargetKind.Process) { Proc = Proc }, "memory.max", "268435456", "67108864", ("bytes", "64MiB"));

    [Fact]
    public async Task A_memory_limit_below_what_is_in_use_is_refused_and_what_can_be_dropped_is_not_in_use()
    {
        var fault = new MemoryLimit(_trial.Tools, TargetKind.Process) { Proc = Proc };
        Assert.Contains("uses 50 MiB", Trial.Why(await Trial.TryPrepareAsync(fault, _child.Target, ("bytes", "50MiB"))));
        Trial.Ready(await Trial.TryPrepareAsync(fault, _child.Target, ("bytes", "51MiB")));

        File.WriteAllText($"{Group}/memory.max", "max\n");
        Assert.Contains("no memory limit", Trial.Why(await Trial.TryPrepareAsync(fault, _child.Target, ("bytes", "64MiB"))));
    }

    [Theory]
    [InlineData("", "8:0 rbps=max wbps=1048576 riops=max wiops=max", "8:0 rbps=max wbps=max riops=max wiops=max")]
    [InlineData("8:0 rbps=max wbps=9000000 riops=120 wiops=max", "8:0 rbps=max wbps=1048576 riops=120 wiops=max", "8:0 rbps=max wbps=9000000 riops=120 wiops=max")]
    public async Task A_disk_keeps_its_other_limits(string before, string during, string after)
    {
        File.WriteAllText($"{Group}/io.max", before + "\n");
        await StrikesAsync(new IoThrottle(_trial.Tools, TargetKind.Process) { Proc = Proc, Disk = (_, _) => "8:0" }, "io.max", after, during, ("write", "1MiB"));
    }

    [Theory]
    [InlineData("0::/\n")]
    [InlineData("0::/../other\n")]
    [InlineData("0::/gone\n")]
    [InlineData("")]
    public async Task A_process_in_no_group_of_its_own_is_refused(string groups)
    {
        File.WriteAllText($"{Proc}/{_child.Pid}/cgroup", groups);
        Assert.Contains("no control group of its own", Trial.Why(await Trial.TryPrepareAsync(new CpuQuota(_trial.Tools, TargetKind.Process) { Proc = Proc }, _child.Target, ("percent", "20%"))));
    }

    [Fact]
    public async Task The_group_of_Pressure_itself_is_refused()
    {
        Directory.CreateDirectory($"{Proc}/{Environment.ProcessId}");
        File.WriteAllText($"{Proc}/{Environment.ProcessId}/cgroup", "0::/system.slice/shop.service\n");
        Assert.Contains("same control group as Pressure itself", Trial.Why(await Trial.TryPrepareAsync(new CpuQuota(_trial.Tools, TargetKind.Process) { Proc = Proc }, _child.Target, ("percent", "20%"))));
    }

    [Fact]
    public void Beside_version_1_the_controllers_are_where_they_are_mounted_and_roots_of_mounts_are_left_out()
    {
        File.WriteAllText($"{Proc}/self/mountinfo", $"""
            31 23 0:26 / {_machine.Path}/unified rw - cgroup2 cgroup2 rw
            32 23 0:27 /docker {_machine.Path}/cgroup/cpu,cpuacct rw shared:9 - cgroup cgroup rw,cpu,cpuacct
            """);
        File.WriteAllText($"{Proc}/{_child.Pid}/cgroup", "4:cpu,cpuacct:/docker/abc\n1:name=systemd:/docker/abc\n0::/docker/abc\n");
        Directory.CreateDirectory($"{_machine.Path}/cgroup/cpu,cpuacct/abc");
        Assert.Equal(new ControlGroup($"{_machine.Path}/cgroup/cpu,cpuacct/abc", Unified: false), ControlGroup.Of(_child.Pid, "cpuacct", Proc));
        Assert.Null(ControlGroup.Of(_child.Pid, "memory", Proc));
    }

    private async Task StrikesAsync(IFault fault, string file, string after, string during, params (string, string)[] arguments)
    {
        var intent = _trial.Journal(fault.Description.Kind, _child.Target, Trial.Ready(await Trial.TryPrepareAsync(fault, _child.Target, arguments)), arguments);
        await _trial.ApplyAsync(intent);
        Assert.Equal(during, File.ReadAllText($"{Group}/{file}").TrimEnd('\n'));
        Assert.NotNull(await _trial.ResidueAsync(intent));
        Assert.IsType<UndoOutcome.Undone>(await _trial.UndoAsync(intent));
        Assert.Equal(after, File.ReadAllText($"{Group}/{file}").TrimEnd('\n'));
        Assert.Null(await _trial.ResidueAsync(intent));
    }
}
