namespace Pressure.Faults.Tests.Executor;

public sealed class LeaseTests
{
    private static readonly TimeSpan Length = TimeSpan.FromSeconds(5), Moment = TimeSpan.FromMilliseconds(1);

    private readonly FakeTime _time = new();
    private readonly Lease _lease;

    public LeaseTests() => _lease = new Lease(_time, Length);

    [Fact]
    public async Task What_passes_before_a_controller_is_listened_to_is_not_its_silence()
    {
        _time.Advance(4 * Length);

        var lost = _lease.LostAsync(TestContext.Current.CancellationToken);

        Assert.False(lost.IsCompleted);
        _time.Advance(Length - Moment);
        Assert.False(lost.IsCompleted);
        _time.Advance(Moment);
        await lost.WaitAsync(TimeSpan.FromSeconds(60), TimeProvider.System, TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task Whoever_is_heard_of_has_its_whole_length_again()
    {
        var lost = _lease.LostAsync(TestContext.Current.CancellationToken);
        _time.Advance(Length - Moment);
        _lease.Renew();
        _time.Advance(Length - Moment);

        Assert.False(lost.IsCompleted);
        // It may be about to wait anew at this moment.
        while (!lost.IsCompleted)
        {
            _time.Advance(Moment);
            await Task.Yield();
        }
    }
}
