using Pressure.Record;
using Pressure.Web.Access;

namespace Pressure.Web.Agents;

/// <summary>Follows one agent through a run: its entries, and whether it is heard at all.</summary>
internal sealed class FollowedAgent(IAgentHistory history, AgentPresence agent, RunClock clock, IHostSink sink, TimeProvider time)
{
    /// <summary>How long the end of a run waits for entries that are on their way.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>Collections may come this long after the sample behind them.</summary>
    private static readonly TimeSpan Laggards = TimeSpan.FromSeconds(1);

    /// <summary>A connection that ends is no silence yet: an agent that is upgraded, or loses its link for a moment, is back at once.</summary>
    private static readonly TimeSpan Reconnecting = TimeSpan.FromSeconds(3);

    /// <summary>What a clock may be wrong by without an entry being from the future.</summary>
    private static readonly TimeSpan Slack = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private readonly OnRunClock _times = new(agent.Name, clock.StartedAt);
    private readonly RecentEntries _seen = new();
    private readonly TaskCompletionSource _whole = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private TimeSpan? _end;
    private TimeSpan? _silentSince;

    /// <summary>Follows until the run has all up to the end of its load, or it does not come soon. Never throws because of the agent.</summary>
    public async Task RunAsync(Task<TimeSpan> end)
    {
        using var stop = new CancellationTokenSource();
        Task[] running = [Task.Run(() => ReadAsync(stop.Token)), Task.Run(() => WatchAsync(stop.Token))];
        var ended = await end;
        lock (_gate)
            _end = ended;
        await Task.WhenAny(_whole.Task, Task.Delay(Patience, time, CancellationToken.None));
        await stop.CancelAsync();
        await Task.WhenAll(running);
        TellTheRestIsMissing(ended);
    }

    private TimeSpan Now => clock.Now is var now && now > TimeSpan.Zero ? now : TimeSpan.Zero;

    private TimeSpan Every => _times.Last?.Over ?? agent.Settings.Every;

    private async Task ReadAsync(CancellationToken stop)
    {
        try
        {
            while (true)
            {
                await ReadOnceAsync(stop);
                await Task.Delay(TimeSpan.FromSeconds(1), time, stop);
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
        }
    }

    /// <summary>The stream ends when the store does, or the link to it; then it is taken up again where it ended.</summary>
    private async Task ReadOnceAsync(CancellationToken stop)
    {
        var from = _seen.Newest - RecentEntries.Overlap is { } again && again > clock.StartedAt ? again : clock.StartedAt;
        try
        {
            await foreach (var stored in history.FollowAsync(agent.Name, from, stop))
            {
                if (_seen.IsNew(stored))
                    Take(stored);
            }
        }
        catch (Exception e) when (e is IOException or HttpRequestException or InvalidDataException or InvalidOperationException || (e is OperationCanceledException && !stop.IsCancellationRequested))
        {
            // Also a connection that could not be made in time, which passes for somebody's cancelling it. The gap shows that there was nothing; the next try may find more.
        }
    }

    private void Take(StoredEntry stored)
    {
        lock (_gate)
        {
            var latest = Now + Slack;
            if (_times.Collection(stored, latest) is { } collection && (_end is not { } end || collection.At <= end))
                sink.Take(collection);
            if (_times.Sample(stored, latest) is not { } sample)
                return;
            // The sample during which the load ended still tells of it.
            if (_end is null || sample.At - sample.Over < _end)
                sink.Take(sample);
            if (sample.At >= _end + Laggards)
                _whole.TrySetResult();
        }
    }

    private async Task WatchAsync(CancellationToken stop)
    {
        try
        {
            using var everySecond = new PeriodicTimer(TimeSpan.FromSeconds(1), time);
            while (await everySecond.WaitForNextTickAsync(stop))
                Judge(history.Find(agent.Name));
        }
        catch (OperationCanceledException)
        {
        }
    }

    private void Judge(AgentPresence? presence)
    {
        lock (_gate)
        {
            var patience = presence switch
            {
                null => TimeSpan.Zero, // revoked
                { Connected: true } p => 2 * p.Settings.Heartbeat,
                _ => Reconnecting,
            };
            var heard = (presence?.LastHeard ?? agent.LastHeard ?? clock.StartedAt) - clock.StartedAt;
            // Presence may be told later than entries, where it comes from a service elsewhere.
            if (presence is not null && _times.Last is { } last && last.At > heard)
                heard = last.At;
            var silent = Now - heard > patience;
            if (silent && _silentSince is null)
                TellSilent(heard);
            else if (!silent && _silentSince is { } since)
                TellHeard(since);
        }
    }

    private void TellSilent(TimeSpan heard)
    {
        _silentSince = heard > TimeSpan.Zero ? heard : TimeSpan.Zero;
        sink.Tell(new TimelineEvent.HostSilent(Now, agent.Name, _times.Last?.At ?? TimeSpan.Zero));
    }

    private void TellHeard(TimeSpan since)
    {
        _silentSince = null;
        sink.Tell(new TimelineEvent.HostHeard(Now, agent.Name, Now - since));
    }

    /// <summary>A record whose end is missing says so; <see cref="LateEntries"/> looks for that when the agent comes back.</summary>
    private void TellTheRestIsMissing(TimeSpan end)
    {
        lock (_gate)
        {
            var last = _times.Last?.At ?? TimeSpan.Zero;
            if (_silentSince is null && last < end - Every - Slack)
                TellSilent(last);
        }
    }
}
