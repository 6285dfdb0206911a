using System.Text.Json.Nodes;

namespace Pressure.Faults.Tests.Resource;

/// <summary>Faults of resources through a real executor, which is a process of its own.</summary>
public sealed class ExecutorTests : IDisposable
{
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(5);

    private readonly TempFolder _state = new(), _disk = new();
    private readonly ChildProcess _child = ChildProcess.Waiting();
    private readonly OwnGroup _group = new("cpu");

    public ExecutorTests() => _group.Add(_child.Pid);

    public void Dispose()
    {
        _child.Dispose();
        _group.Dispose();
        _disk.Dispose();
        _state.Dispose();
    }

    [Fact]
    public async Task All_of_them_are_applied_and_undone_side_by_side()
    {
        await using var executor = await ExecutorProcess.StartAsync(_state.Path, "/nowhere.sock", Lease, TestContext.Current.CancellationToken);
        await StrikeAsync(executor);
        var ends = await executor.EndAllAsync();
        Assert.Equal(4, ends.Count);
        Assert.All(ends, e => Assert.IsType<UndoOutcome.Undone>(e.Outcome));
        AssertNothingIsLeft();
    }

    [Fact]
    public async Task An_executor_that_is_killed_leaves_none_of_them()
    {
        await using var executor = await ExecutorProcess.StartAsync(_state.Path, "/nowhere.sock", Lease, TestContext.Current.CancellationToken);
        var handles = await StrikeAsync(executor);
        using (var held = HeldProcess.Hold(executor.Pid, HostProcesses.Of(executor.Pid)!.Start)!)
            held.Signal(Posix.SigKill);
        foreach (var handle in handles)
            Assert.IsNotType<UndoOutcome.Incomplete>((await executor.EndOf(handle)).Outcome);
        AssertNothingIsLeft();
    }

    private async Task<IReadOnlyList<string>> StrikeAsync(ExecutorProcess executor)
    {
        FaultTarget host = new FaultTarget.Host("here");
        (string Kind, FaultTarget Target, JsonObject Arguments)[] orders =
        [
            ("process-freeze", _child.Target, []),
            ("process-cpu-quota", _child.Target, new() { ["percent"] = "10%" }),
            ("host-cpu-burn", host, new() { ["percent"] = "5%", ["cores"] = 1 }),
            ("host-disk-fill", host, new() { ["path"] = _disk.Path, ["bytes"] = "8MiB" }),
        ];
        var starts = await Task.WhenAll(orders.Select(o => executor.StartAsync(new FaultOrder(o.Kind, o.Target, TimeSpan.FromMinutes(2)) { Arguments = o.Arguments }, TestContext.Current.CancellationToken)));
        var handles = starts.Select(s => Assert.IsType<FaultStart.InForce>(s).Handle).ToList();
        Assert.Equal('T', _child.Seen.State);
        Assert.Equal("10000\n", _group.Read("cpu.cfs_quota_us"));
        Assert.Single(handles.SelectMany(Burner.Of));
        Assert.Single(Directory.EnumerateFiles(_disk.Path));
        return handles;
    }

    private void AssertNothingIsLeft()
    {
        Assert.NotEqual('T', _child.Seen.State);
        Assert.Equal("-1\n", _group.Read("cpu.cfs_quota_us"));
        Assert.DoesNotContain(HostProcesses.List(), p => p.Arguments.Contains(Burner.Verb) && p.Arguments.Any(a => a.Contains(_state.Path, StringComparison.Ordinal)));
        Assert.Empty(Directory.EnumerateFiles(_disk.Path));
    }
}
