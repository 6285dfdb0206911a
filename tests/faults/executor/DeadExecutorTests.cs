namespace Pressure.Faults.Tests.Executor;

/// <summary>What becomes of faults that are asked of an executor that is dead already.</summary>
public sealed class DeadExecutorTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly TempFolder _state = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => _state.Dispose();

    [Fact]
    public async Task A_start_fails_and_touches_nothing()
    {
        using var target = Resource.ChildProcess.Waiting();
        await using var executor = await ExecutorProcess.StartAsync(_state.Path, "/nowhere.sock", TimeSpan.FromSeconds(10), Stop);
        Assert.Equal(0, Posix.Signal(executor.Pid, Posix.SigKill));
        using var limit = new CancellationTokenSource(Patience);
        while (!executor.HasEnded)
            await Task.Delay(10, limit.Token);

        var starting = executor.StartAsync(new FaultOrder("process-freeze", target.Target, TimeSpan.FromMinutes(5)), Stop);

        var failed = Assert.IsType<FaultStart.Failed>(await starting.WaitAsync(Patience, TimeProvider.System, Stop));
        Assert.Equal("The executor of faults died while it began.", failed.Why);
        Assert.Equal(new UndoOutcome.NothingToUndo("it was never applied"), failed.End.Outcome);
        Assert.Equal(failed.End, await executor.EndOf(failed.End.Handle).WaitAsync(Patience, TimeProvider.System, Stop));
        Assert.Empty(await executor.EndAllAsync().WaitAsync(Patience, TimeProvider.System, Stop));
    }
}
