using System.Globalization;

namespace Pressure.Faults.Tests.Watchdog;

/// <summary>What becomes of a watchdog while its executor lives.</summary>
public sealed class WatchedWatchdogTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly TempFolder _state = new();

    public void Dispose() => _state.Dispose();

    [Theory]
    [InlineData(Posix.SigKill)]
    [InlineData(KernelCalls.SigStop)]
    public async Task One_that_dies_or_stands_still_is_followed_by_another_that_reverts(int signal)
    {
        var stop = TestContext.Current.CancellationToken;
        using var target = Resource.ChildProcess.Waiting();
        await using var executor = await ExecutorProcess.StartAsync(_state.Path, "/nowhere.sock", TimeSpan.FromSeconds(10), stop);
        var handle = Assert.IsType<FaultStart.InForce>(await executor.StartAsync(new FaultOrder("process-freeze", target.Target, TimeSpan.FromMinutes(5)), stop)).Handle;
        var first = Watchdog();

        Assert.Equal(0, Posix.Signal(first, signal));
        using var limit = new CancellationTokenSource(Patience);
        while (Watchdog() == first || !new WatchdogProcess(_state.Path, TimeProvider.System).IsThere)
            await Task.Delay(50, limit.Token);
        Assert.Equal('T', target.Seen.State);
        Assert.Equal(0, Posix.Signal(executor.Pid, Posix.SigKill));

        // What it finds at its first look counts as found at its start.
        Assert.Contains((await executor.EndOf(handle).WaitAsync(Patience, TimeProvider.System, stop)).By, (string[])["watchdog", "start"]);
        Assert.NotEqual('T', target.Seen.State);
    }

    [Fact]
    public async Task The_next_start_does_not_rely_on_one_that_stands_still()
    {
        var stop = TestContext.Current.CancellationToken;
        using var target = Resource.ChildProcess.Waiting();
        await using var executor = await ExecutorProcess.StartAsync(_state.Path, "/nowhere.sock", TimeSpan.FromSeconds(10), stop);
        Assert.IsType<FaultStart.InForce>(await executor.StartAsync(new FaultOrder("process-freeze", target.Target, TimeSpan.FromMinutes(5)), stop));
        Assert.Equal(0, Posix.Signal(Watchdog(), KernelCalls.SigStop));
        Assert.Equal(0, Posix.Signal(executor.Pid, Posix.SigKill));

        await new WatchdogProcess(_state.Path, TimeProvider.System).EnsureIfNeededAsync();

        using var limit = new CancellationTokenSource(Patience);
        while (!new FaultJournal(_state.Path).IsEmpty)
            await Task.Delay(50, limit.Token);
        Assert.NotEqual('T', target.Seen.State);
    }

    private int Watchdog() => int.Parse(File.ReadAllText(_state.File("watchdog.lock")), CultureInfo.InvariantCulture);
}
