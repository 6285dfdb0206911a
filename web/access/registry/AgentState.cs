using System.Text.Json;
using Pressure.Agent;
using Pressure.Record;

namespace Pressure.Web.Access;

/// <summary>An enrolled agent as it stands: its connections, clock and last figures. Thread-safe.</summary>
internal sealed class AgentState(AgentRecord record, EntryLog log, TimeProvider time)
{
    private readonly Lock _gate = new();
    private readonly ClockEstimator _clock = new();
    private AgentSession? _current;
    private AgentSession? _leaving;
    private DateTimeOffset? _heard;
    private DateTimeOffset? _lastPlaced;
    private HostSample? _lastSample;
    private string? _left;
    private long _lost;
    private volatile AgentRecord _record = record;

    /// <summary>As it stands on disk.</summary>
    public AgentRecord Record
    {
        get => _record;
        set => _record = value;
    }

    public EntryLog Log => log;

    /// <summary>Its clock against the centre's at this moment; null until measured.</summary>
    public ClockEstimate? Clock
    {
        get
        {
            lock (_gate)
                return _clock.At(time.GetUtcNow());
        }
    }

    /// <summary>When it was last heard of before this service started.</summary>
    public void Remember(DateTimeOffset heard, string? left) => (_heard, _left) = (heard, left);

    /// <summary>The connection that new commands go to; null while there is none.</summary>
    public AgentSession? Current
    {
        get
        {
            lock (_gate)
                return _current;
        }
    }

    /// <summary>Its connections.</summary>
    public IReadOnlyList<AgentSession> Sessions
    {
        get
        {
            lock (_gate)
                return [.. new[] { _current, _leaving }.OfType<AgentSession>()];
        }
    }

    /// <summary>
    /// A process of the agent has connected. One that takes the place of another shares the agent with it until that one leaves; else the newest wins.
    /// Returns those that must go.
    /// </summary>
    public IReadOnlyList<AgentSession> Attach(AgentSession session, Frame.Welcome welcome)
    {
        lock (_gate)
        {
            // Within the lock: nothing may be sent before it, and whoever has read it counts as connected.
            session.Post(welcome);
            var before = new[] { _current, _leaving }.OfType<AgentSession>().ToList();
            _left = null;
            // The old one of an upgrade that comes back after a cut of the link does not push the new one out.
            if (_current is { } current && current.Instance != session.Instance && current.Replaces == session.Instance)
                _leaving = session;
            else
            {
                _leaving = session.Replaces is { } old ? before.Find(s => s.Instance == old && s.Instance != session.Instance) : null;
                _current = session;
            }
            before.RemoveAll(s => s == _current || s == _leaving);
            return before;
        }
    }

    /// <summary>A connection has ended; if it was that of a successor, commands go to its predecessor again.</summary>
    public void Detach(AgentSession session, string? goodbye)
    {
        lock (_gate)
        {
            _heard = time.GetUtcNow() - session.Silence;
            if (_leaving == session)
                _leaving = null;
            if (_current != session)
                return;
            (_current, _leaving) = (_leaving, null);
            _left = _current is null ? goodbye : null;
        }
    }

    /// <summary>Takes a reading of its clock; false if it makes no sense.</summary>
    public bool Take(ClockReading reading)
    {
        lock (_gate)
            return _clock.Take(reading);
    }

    /// <summary>Number of the first entry of a connection's ring that is not stored.</summary>
    /// <exception cref="IOException">The log can't be read.</exception>
    public long Wanted(Guid ring, long oldest) => log.WantedOf(ring) ?? oldest;

    /// <summary>Stores what is new of some entries and returns the number behind them.</summary>
    /// <exception cref="IOException">They can't be written.</exception>
    public long Store(Guid ring, long oldest, Frame.Entries frame, ReadOnlySpan<byte> bytes)
    {
        // Two connections of an upgrade share the ring: what both send is stored once.
        lock (_gate)
        {
            var now = time.GetUtcNow();
            var wanted = Wanted(ring, oldest);
            var placing = new EntryPlacing(_clock.At(now) ?? default, _clock.BeforeJump);
            var skip = (int)Math.Clamp(wanted - frame.First, 0, frame.Items.Count);
            while (skip < frame.Items.Count)
            {
                var (count, estimate, last) = Run(frame.Items, skip, placing, now);
                log.Append(new EntryRecord(ring, frame.First + skip, skip, count, now, estimate), bytes);
                _lost += Math.Max(0, frame.First + skip - wanted);
                _lastPlaced = last;
                wanted = frame.First + skip + count;
                skip += count;
            }
            if (frame.Items.LastOrDefault(e => e.Host is not null)?.Host is { } sample)
                _lastSample = sample;
            return wanted;
        }
    }

    /// <summary>It as it is for others.</summary>
    public AgentPresence Presence()
    {
        lock (_gate)
        {
            var now = time.GetUtcNow();
            var session = _current;
            var labels = new Dictionary<string, string>(Record.Said);
            foreach (var (key, value) in Record.Labels)
                labels[key] = value;
            return new AgentPresence(
                Record.Id,
                Record.Name,
                labels,
                Record.Version,
                session is not null && session.Silence <= Record.Settings.Heartbeat * 2,
                session is null ? _heard : now - session.Silence,
                _lastSample,
                _clock.At(now),
                Record.Settings)
            {
                Left = _left,
                Lost = _lost,
            };
        }
    }

    /// <summary>Sends a command to the process that commands go to.</summary>
    public Task<Frame.Result> SendAsync(string name, JsonElement? body, TimeSpan timeout, CancellationToken stop) =>
        Current is { } session
            ? session.Commands.SendAsync(name, body, timeout, time, stop)
            : Task.FromResult(new Frame.Result(0, $"The agent on {Record.Name} is not connected."));

    /// <summary>The entries from one on that are placed by the same estimate, and the last one's time.</summary>
    private (int Count, ClockEstimate Estimate, DateTimeOffset Last) Run(IReadOnlyList<AgentEntry> items, int from, EntryPlacing placing, DateTimeOffset now)
    {
        var estimate = placing.For(items[from].At, _lastPlaced, now);
        var last = items[from].At + estimate.Offset;
        var count = 1;
        while (from + count < items.Count && placing.For(items[from + count].At, last, now).Offset == estimate.Offset)
            last = items[from + count++].At + estimate.Offset;
        return (count, estimate, last);
    }
}
