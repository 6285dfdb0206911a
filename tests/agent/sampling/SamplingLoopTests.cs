namespace Pressure.Agent.Tests.Sampling;

public sealed class SamplingLoopTests : IAsyncDisposable
{
    private readonly FakeTime _time = new();
    private readonly LiveSettings _settings = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly List<TimeSpan> _samples = [];
    private readonly List<string> _told = [];
    private readonly SemaphoreSlim _sampled = new(0);
    private readonly Task _running;
    private bool _fails;

    public SamplingLoopTests() => _running = new SamplingLoop(Sample, _settings, new AgentClock(_time), _told.Add).RunAsync(_stop.Token);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running;
        _stop.Dispose();
        _sampled.Dispose();
    }

    [Fact]
    public async Task Samples_come_once_a_second_on_the_second()
    {
        await TickAsync(1);
        await TickAsync(1);
        await TickAsync(1);

        Assert.Equal([0, 1, 2, 3], _samples.Select(s => s.TotalSeconds));
    }

    [Fact]
    public async Task A_changed_pace_holds_at_once()
    {
        await TickAsync(1);
        _settings.Set(AgentSettings.Default with { Every = TimeSpan.FromMilliseconds(200) });
        await TickAsync(0.2);
        await TickAsync(0.2);

        Assert.Equal([0, 1, 1.2, 1.4], _samples.Select(s => s.TotalSeconds));
    }

    [Fact]
    public async Task Ticks_that_were_missed_are_left_out()
    {
        var samples = new List<double>();
        var loop = new SamplingLoop(Slow, _settings, new AgentClock(_time), _told.Add).RunAsync(_stop.Token);

        void Slow()
        {
            samples.Add(TimeSpan.FromTicks(_time.GetTimestamp()).TotalSeconds);
            if (samples.Count == 1)
                _time.Advance(TimeSpan.FromSeconds(10));
        }

        Assert.Equal([0, 10], samples);
        await _stop.CancelAsync();
        await loop;
    }

    [Fact]
    public async Task A_sample_that_fails_is_told_once_and_the_next_one_taken()
    {
        _fails = true;
        await TickAsync(1);
        await TickAsync(1);
        _fails = false;
        await TickAsync(1);

        Assert.Contains("no such file", Assert.Single(_told), StringComparison.Ordinal);
        Assert.Equal(4, _samples.Count);
    }

    private async Task TickAsync(double seconds)
    {
        // The first one comes by itself.
        if (_samples.Count == 1)
            await _sampled.WaitAsync(0);
        _time.Advance(TimeSpan.FromSeconds(seconds));
        Assert.True(await _sampled.WaitAsync(TimeSpan.FromSeconds(30)));
        // Not before the loop waits again can the clock be turned on.
        await Task.Delay(50);
    }

    private void Sample()
    {
        _samples.Add(TimeSpan.FromTicks(_time.GetTimestamp()));
        _sampled.Release();
        if (_fails)
            throw new IOException("no such file");
    }
}
