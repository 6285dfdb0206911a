namespace Pressure.Agent.Tests;

public sealed class GcWatchTests : IAsyncDisposable
{
    private readonly FakeTime _time = new();
    private readonly GcLog _log = new();
    private readonly List<FakeListener> _listeners = [];
    private readonly GcWatch _watch;

    public GcWatchTests() =>
        _watch = new GcWatch(
            new Dictionary<GcRuntime, GcListen>
            {
                [GcRuntime.Dotnet] = (process, _) =>
                {
                    _listeners.Add(new FakeListener(process.Pid));
                    return _listeners[^1];
                },
            },
            _log,
            _time);

    public ValueTask DisposeAsync() => _watch.DisposeAsync();

    [Fact]
    public void Processes_with_a_collector_are_listened_to_from_when_they_come_until_they_go()
    {
        _watch.Watch([Process(1), Process(2), Process(3) with { Runtime = null }]);
        _watch.Watch([Process(2)]);

        Assert.Equal([1, 2], _listeners.Select(l => l.Pid));
        Assert.Equal([true, false], _listeners.Select(l => l.Left));
    }

    [Fact]
    public void A_runtime_that_nobody_here_can_listen_to_is_left_alone()
    {
        _watch.Watch([Process(1) with { Runtime = GcRuntime.Jvm }]);

        Assert.Empty(_listeners);
    }

    [Fact]
    public void Nobody_listens_to_himself()
    {
        _watch.Watch([Process(Environment.ProcessId)]);

        Assert.Empty(_listeners);
    }

    [Fact]
    public void A_new_process_with_an_old_ones_id_is_listened_to_anew()
    {
        _watch.Watch([Process(1)]);
        _watch.Watch([Process(1) with { Start = 77 }]);

        Assert.Equal([true, false], _listeners.Select(l => l.Left));
    }

    [Fact]
    public void What_cant_be_listened_to_is_tried_again_less_and_less_often_and_told_once()
    {
        var tries = new List<int>();
        for (var second = 0; second < 300; second++)
        {
            var before = _listeners.Count;
            _watch.Watch([Process(1)]);
            if (_listeners.Count > before)
            {
                tries.Add(second);
                _listeners[^1].End("no permission for its diagnostics socket");
            }
            _time.Advance(TimeSpan.FromSeconds(1));
        }

        // Each failure is seen a second after its try.
        Assert.Equal([0, 2, 5, 10, 19, 36, 69, 130, 191, 252], tries);
        Assert.Equal(["Collections of orders (1) are not heard: no permission for its diagnostics socket. Tried again once a minute."], _log.Told);
        Assert.All(_listeners, l => Assert.True(l.Left));
    }

    [Fact]
    public void What_went_well_for_long_begins_its_tries_anew()
    {
        _watch.Watch([Process(1)]);
        for (var i = 0; i < 5; i++)
        {
            _listeners[^1].End("its stream of events broke off");
            _watch.Watch([Process(1)]);
            _time.Advance(TimeSpan.FromMinutes(1));
            _watch.Watch([Process(1)]);
        }
        _time.Advance(TimeSpan.FromHours(1));
        _listeners[^1].End("its stream of events broke off");
        _watch.Watch([Process(1)]);
        var before = _listeners.Count;
        _time.Advance(TimeSpan.FromSeconds(1));

        _watch.Watch([Process(1)]);

        Assert.Equal(before + 1, _listeners.Count);
    }

    [Fact]
    public void A_process_that_has_ended_is_not_tried_again_while_it_is_still_in_the_list()
    {
        _watch.Watch([Process(1)]);
        _listeners[0].End(null);
        for (var i = 0; i < 10; i++)
        {
            _watch.Watch([Process(1)]);
            _time.Advance(TimeSpan.FromMinutes(1));
        }

        Assert.Single(_listeners);
        Assert.Empty(_log.Told);
    }

    [Fact]
    public void More_processes_than_can_be_listened_to_are_told_once_and_come_in_as_others_go()
    {
        List<WatchedProcess> many = [.. Enumerable.Range(1, GcWatch.Most + 50).Select(Process)];
        _watch.Watch(many);
        _watch.Watch(many);
        Assert.Equal(GcWatch.Most, _listeners.Count);
        Assert.Equal([$"{GcWatch.Most + 50} processes collect garbage here; the collections of {GcWatch.Most} are heard."], _log.Told);

        _watch.Watch([.. many.Skip(1)]);

        Assert.Equal(GcWatch.Most + 1, _listeners[^1].Pid);
    }

    [Fact]
    public void Rates_are_those_of_the_processs_listener()
    {
        _watch.Watch([Process(1), Process(2)]);

        Assert.Equal(new GcRates(2, 0, null), _watch.Rates(2));
        Assert.Null(_watch.Rates(3));
    }

    [Fact]
    public async Task At_the_end_everybody_is_left()
    {
        _watch.Watch([Process(1), Process(2)]);

        await _watch.DisposeAsync();

        Assert.All(_listeners, l => Assert.True(l.Left));
    }

    private static WatchedProcess Process(int pid) => new(pid, 1000, "orders", pid, [], null, null, GcRuntime.Dotnet);

    private sealed class FakeListener(int pid) : IGcListener
    {
        private readonly TaskCompletionSource<string?> _ended = new();

        public int Pid => pid;

        public Task<string?> Ended => _ended.Task;

        public bool Left { get; private set; }

        public void End(string? why) => _ended.SetResult(why);

        public GcRates? Rates() => new GcRates(Pid, 0, null);

        public ValueTask DisposeAsync()
        {
            Left = true;
            return ValueTask.CompletedTask;
        }
    }
}
