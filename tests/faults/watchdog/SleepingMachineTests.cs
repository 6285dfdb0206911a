namespace Pressure.Faults.Tests.Watchdog;

public sealed class SleepingMachineTests : IDisposable
{
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(4);

    private readonly TempFolder _state = new();
    private readonly FakeTime _time = new();
    private TimeSpan _slept;

    public void Dispose() => _state.Dispose();

    [Fact]
    public void An_executor_is_not_silent_because_the_machine_slept()
    {
        var clock = new FaultClock(_time, () => _time.GetElapsedTime(0) + _slept, "this boot");
        using var executor = ExecutorFile.Create(_state.Path, Lease, clock);
        var table = new ExecutorTable(_state.Path, clock);
        var file = Assert.Single(table.Files);

        _slept = TimeSpan.FromHours(8);

        Assert.False(table.IsSilent(file));
    }

    [Fact]
    public void One_that_does_not_renew_its_lease_is_silent()
    {
        var clock = new FaultClock(_time, () => _time.GetElapsedTime(0), "this boot");
        // Its timers stand still, as those of a frozen process do.
        var frozen = new FakeTime();
        using var executor = ExecutorFile.Create(_state.Path, Lease, clock with { Time = frozen });
        var table = new ExecutorTable(_state.Path, clock);

        _time.Advance(Lease);
        Assert.False(table.IsSilent(Assert.Single(table.Files)));
        _time.Advance(Lease);
        Assert.True(table.IsSilent(Assert.Single(table.Files)));
    }
}
