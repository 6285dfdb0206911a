namespace Pressure.Agent.Tests.Capture;

/// <summary>Who waits for an answer longer than the lease. Captures on a wire of its own; needs root and libpcap.</summary>
public sealed class WaitingReadTests : IDisposable
{
    private readonly NetworkNamespace _network = NetworkNamespace.Create();
    private readonly FakeTime _time = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => _network.Dispose();

    [Fact(Timeout = 60_000)]
    public async Task Waiting_is_asking()
    {
        var terms = CaptureTerms.Of(new() { Interface = _network.Device, Ports = [9], Lease = 1 }, new([]), out _)!;
        using var capture = AgentCapture.Begin(terms, _time).Capture!;
        try
        {
            var reading = capture.ReadAsync(long.MaxValue, TimeSpan.FromSeconds(10), 1_000, Stop);
            _time.Advance(TimeSpan.FromSeconds(5));
            Assert.Null(capture.Told().Why);

            // The rest of its patience: it looks on in another thread, perhaps after the clock has been turned.
            while (!reading.IsCompleted)
                await TurnAsync(TimeSpan.FromMilliseconds(50));
            _time.Advance(TimeSpan.FromSeconds(3));
            Assert.Equal("Nobody asked for it for 1 s.", capture.Told().Why);
        }
        finally
        {
            // Its thread looks at this clock for when it has read on for long enough.
            capture.Stop(null);
            while (!capture.Told().Ended)
                await TurnAsync(TimeSpan.FromSeconds(1));
        }
    }

    private async Task TurnAsync(TimeSpan by)
    {
        _time.Advance(by);
        await Task.Delay(5, Stop);
    }
}
