using Pressure.LoadGen;
using Pressure.Record;
using Pressure.TestKit;
using Pressure.Web.Agents;

namespace Pressure.Web.Tests.Agents;

public sealed class AgentFeedTests
{
    private readonly FakeTime _time = new();
    private readonly FakeAgents _agents;
    private readonly TakenDown _run = new();
    private readonly TaskCompletionSource<TimeSpan> _end = new();
    private readonly RunClock _clock;

    public AgentFeedTests()
    {
        _agents = new FakeAgents(_time);
        _agents.Enrol("db1", labels: ("service", "orders"));
        _time.Advance(TimeSpan.FromMinutes(1));
        _clock = new RunClock(_time);
    }

    [Fact]
    public async Task Samples_and_collections_stand_on_the_run_s_clock_under_the_agent_s_name()
    {
        var following = Follow();
        await PassAsync(3, offset: -7200);
        _agents.Add("db1", Entry.Collection(At(2.5), offset: -7200));
        await EndAsync(following, 3);

        Assert.Equal([0, 1, 2, 3], _run.Samples.Select(s => s.At.TotalSeconds));
        Assert.All(_run.Samples, s => Assert.Equal("db1", s.Host));
        Assert.All(_run.Samples, s => Assert.Equal(TimeSpan.FromHours(-2), s.Clock!.Value.Offset));
        var collection = Assert.Single(_run.Collections);
        Assert.Equal(("db1", 2.5), (collection.Host, collection.At.TotalSeconds));
        Assert.Empty(_run.Events);
    }

    [Fact]
    public async Task What_was_before_the_run_or_comes_after_it_is_left_out()
    {
        _agents.Add("db1", Entry.Sample(At(-2)), Entry.Sample(At(-1)), Entry.Collection(At(-0.5)));
        var following = Follow();
        await PassAsync(2);
        _end.SetResult(TimeSpan.FromSeconds(2.5));
        _agents.Add("db1", Entry.Sample(At(3)), Entry.Collection(At(2.9)), Entry.Sample(At(4)));
        await following;

        Assert.Equal([0, 1, 2, 3], _run.Samples.Select(s => s.At.TotalSeconds));
        Assert.Empty(_run.Collections);
    }

    [Fact]
    public async Task A_stream_that_breaks_is_taken_up_again_and_nothing_is_told_twice()
    {
        var following = Follow();
        await PassAsync(2);
        _agents.Cut();
        _agents.Add("db1", Entry.Collection(At(2), number: 1), Entry.Collection(At(2), number: 2));
        await ReconnectedAsync();
        _agents.Add("db1", Entry.Sample(At(3)), Entry.Sample(At(3)));
        await UntilAsync(() => _run.Samples.Length == 4);
        await EndAsync(following, 3);

        Assert.Equal([0, 1, 2, 3], _run.Samples.Select(s => s.At.TotalSeconds));
        Assert.Equal([1, 2], _run.Collections.Select(c => c.Number!.Value));
    }

    [Fact]
    public async Task A_clock_that_is_set_in_the_middle_neither_reorders_nor_repeats()
    {
        var following = Follow();
        await PassAsync(2);
        // The host's clock was put back by half an hour, and forward; the estimates follow a sample later.
        _agents.Add("db1", Entry.Sample(At(1.2)), Entry.Sample(At(4)));
        _time.Advance(TimeSpan.FromSeconds(2));
        _agents.Add("db1", Entry.Sample(At(1805)));
        _time.Advance(TimeSpan.FromSeconds(2));
        _agents.Add("db1", Entry.Sample(At(6)));
        await UntilAsync(() => _run.Samples.Length == 7);
        await EndAsync(following, 6);

        Assert.Equal(_run.Samples.OrderBy(s => s.At).Select(s => s.At), _run.Samples.Select(s => s.At));
        Assert.Equal(_run.Samples.Length, _run.Samples.Select(s => s.At).Distinct().Count());
        Assert.All(_run.Samples, s => Assert.InRange(s.At.TotalSeconds, 0, 6));
        Assert.Equal(6, _run.Samples[^1].At.TotalSeconds);
    }

    [Fact]
    public async Task Silence_is_told_after_two_heartbeats_and_what_was_kept_comes_when_it_is_over()
    {
        var following = Follow();
        await PassAsync(2);
        await PassSilentlyAsync(20);
        Assert.Empty(_run.Events);
        await PassUntilAsync(() => _run.Events.Length == 1);
        var silent = Assert.IsType<TimelineEvent.HostSilent>(_run.Events[0]);
        Assert.Equal(("db1", 2), (silent.Host, silent.Last.TotalSeconds));

        _agents.Add("db1", Enumerable.Range(3, 22).Select(s => Entry.Sample(At(s))));
        await PassSilentlyAsync(1);
        await UntilAsync(() => _run.Events.Length == 2 && _run.Samples.Length == 25);
        var heard = Assert.IsType<TimelineEvent.HostHeard>(_run.Events[1]);
        Assert.True(heard.Silence.TotalSeconds >= 21, $"{heard}");
        Assert.InRange(heard.Silence.TotalSeconds, heard.At.TotalSeconds - 3, heard.At.TotalSeconds - 1);
        await EndAsync(following, 24);
        Assert.Equal(Enumerable.Range(0, 25), _run.Samples.Select(s => (int)s.At.TotalSeconds));
    }

    [Fact]
    public async Task An_agent_that_is_back_at_once_was_never_silent()
    {
        var following = Follow();
        await PassAsync(1);
        _agents.Set("db1", a => a with { Connected = false });
        await PassSilentlyAsync(2);
        _agents.Set("db1", a => a with { Connected = true });
        _agents.Add("db1", Entry.Sample(At(2)), Entry.Sample(At(3)));
        await EndAsync(following, 3);
        Assert.Empty(_run.Events);
    }

    [Fact]
    public async Task A_lost_connection_is_told_within_seconds_and_so_is_a_revoked_agent()
    {
        _agents.Enrol("db2");
        var following = Follow();
        await PassAsync(1);
        _agents.Set("db1", a => a with { Connected = false });
        _agents.Revoke("db2");
        await PassUntilAsync(() => _run.Events.Length == 2);
        Assert.Equal(["db1", "db2"], _run.Events.Select(e => e.Target).Order());
        _end.SetResult(TimeSpan.FromSeconds(6));
        await PassUntilAsync(() => following.IsCompleted);
        await following;
        Assert.Equal(2, _run.Events.Length);
    }

    [Fact]
    public async Task An_end_that_is_missing_is_told()
    {
        var following = Follow();
        await PassAsync(2);
        _time.Advance(TimeSpan.FromSeconds(3));
        _end.SetResult(TimeSpan.FromSeconds(5));
        for (var i = 0; i < 100 && !following.IsCompleted; i++)
            await PassSilentlyAsync(1);
        await following;
        Assert.Equal(2, Assert.IsType<TimelineEvent.HostSilent>(Assert.Single(_run.Events)).Last.TotalSeconds);
    }

    private DateTimeOffset At(double seconds) => _clock.StartedAt + TimeSpan.FromSeconds(seconds);

    private Task Follow()
    {
        var plan = PlanReader.Parse("name: x\ntarget: http://127.0.0.1\nload: { rate: 1/s, duration: 1s }\nscenarios: [ { steps: [ { get: / } ] } ]\nhosts: [ \"db*\" ]\n", "plan").Plan!;
        return new AgentFeed(_agents, ChosenHosts.Of(plan, "plan", _agents.Agents), _time).FollowAsync(_clock, _run, _end.Task);
    }

    /// <summary>Seconds pass, and db1 tells of each.</summary>
    private async Task PassAsync(int seconds, double offset = 0)
    {
        for (var second = 0; second <= seconds; second++)
        {
            _agents.Add("db1", Entry.Sample(At(second), offset));
            var all = second + 1;
            await UntilAsync(() => _run.Samples.Length >= all);
            if (second < seconds)
                _time.Advance(TimeSpan.FromSeconds(1));
        }
    }

    private async Task PassSilentlyAsync(int seconds)
    {
        for (var second = 0; second < seconds; second++)
        {
            await Task.Delay(20, TestContext.Current.CancellationToken);
            _time.Advance(TimeSpan.FromSeconds(1));
        }
        await Task.Delay(20, TestContext.Current.CancellationToken);
    }

    /// <summary>Seconds pass until something is so: a watch that begins late hears of none that has passed before.</summary>
    private async Task PassUntilAsync(Func<bool> holds)
    {
        for (var second = 0; second < 750 && !holds(); second++)
            await PassSilentlyAsync(1);
        Assert.True(holds());
    }

    private async Task ReconnectedAsync()
    {
        await UntilAsync(() => _agents.Followers == 0);
        await UntilAsync(() =>
        {
            _time.Advance(TimeSpan.FromMilliseconds(200));
            return _agents.Followers == 1;
        });
    }

    /// <summary>The load ends, and db1 goes on for a while.</summary>
    private async Task EndAsync(Task following, int second)
    {
        _end.SetResult(TimeSpan.FromSeconds(second));
        for (var i = 1; !following.IsCompleted; i++)
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            _agents.Add("db1", Entry.Sample(At(second + i)));
            await Task.Delay(20, TestContext.Current.CancellationToken);
        }
        await following;
    }

    private static async Task UntilAsync(Func<bool> holds)
    {
        for (var i = 0; i < 1500 && !holds(); i++)
            await Task.Delay(20, TestContext.Current.CancellationToken);
        Assert.True(holds());
    }

    /// <summary>Keeps what a feed tells.</summary>
    private sealed class TakenDown : IHostSink
    {
        private readonly Lock _gate = new();
        private readonly List<object> _all = [];

        public HostSample[] Samples => Of<HostSample>();

        public GcEvent[] Collections => Of<GcEvent>();

        public TimelineEvent[] Events => Of<TimelineEvent>();

        public void Take(HostSample sample) => Add(sample);

        public void Take(GcEvent collection) => Add(collection);

        public void Tell(TimelineEvent what) => Add(what);

        private T[] Of<T>()
        {
            lock (_gate)
                return [.. _all.OfType<T>()];
        }

        private void Add(object told)
        {
            lock (_gate)
                _all.Add(told);
        }
    }
}
