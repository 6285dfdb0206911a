using System.Diagnostics;
using System.Text.Json.Nodes;
using Pressure.Faults;

namespace Pressure.Striker;

/// <summary>A process that is frozen, or whose control group is left a share of the CPU only; struck while it stands still, or its quota is not what it was.</summary>
internal sealed class StruckProcess : IStruck
{
    private static int _made;

    private readonly Process _process = Process.Start("sleep", "3600");
    private readonly string? _group;

    private StruckProcess(string kind, string? group)
    {
        (Kind, _group) = (kind, group);
        if (group is null)
            return;
        Directory.CreateDirectory(group);
        File.WriteAllText(Path.Combine(group, "cgroup.procs"), $"{_process.Id}");
    }

    public string Kind { get; }

    public JsonObject Arguments => _group is null ? [] : new() { ["percent"] = "20%" };

    public static StruckProcess Frozen() => new("process-freeze", null);

    /// <summary>In a control group (version 1) of its own.</summary>
    public static StruckProcess Throttled() => new("process-cpu-quota", $"/sys/fs/cgroup/cpu/pressure-striker-{Environment.ProcessId}-{Interlocked.Increment(ref _made)}");

    public Task<FaultTarget> TargetAsync()
    {
        var process = HostProcesses.Of(_process.Id)!;
        return Task.FromResult<FaultTarget>(new FaultTarget.Process(process.Pid, process.Start, process.Program));
    }

    public Task<bool> IsStruckAsync() => Task.FromResult(_group is null ? HostProcesses.Of(_process.Id) is { State: 'T' } : File.ReadAllText(Path.Combine(_group, "cpu.cfs_quota_us")) != "-1\n");

    public void Dispose()
    {
        _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
        if (_group is not null)
            Directory.Delete(_group);
    }
}
