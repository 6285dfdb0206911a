using Pressure.Agent;

namespace Pressure.Web.Access;

/// <summary>Entries could not be written: the agent keeps them and comes back.</summary>
internal sealed class EntriesNotStoredException(string message, Exception inner) : IOException(message, inner);

/// <summary>
/// Puts one connection's entries on disk: each once, with its time on the centre's clock. Entries wait while the clock is not known, which is at the
/// beginning and when a time looks as if the host's clock had been set.
/// </summary>
internal sealed class EntryIntake(AgentState agent, Guid ring, long oldest, OutgoingFrames output, AgentClock clock, TimeProvider time)
{
    /// <summary>Frames that wait for the clock at the most; an answer is a round trip away.</summary>
    private const int MostHeld = 64;

    private static readonly TimeSpan LongestHold = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Ahead = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Late = TimeSpan.FromSeconds(5);
    private static readonly DateTimeOffset Earliest = DateTimeOffset.UnixEpoch, Latest = Earliest.AddYears(300);

    private Queue<(Frame.Entries Entries, byte[] Bytes)>? _held;
    private bool _holding = true;
    private bool _live;
    private long _since = time.GetTimestamp();

    /// <summary>Whether entries wait for the clock in vain.</summary>
    public bool IsStuck => _holding && Volatile.Read(ref _heldCount) > 0 && time.GetElapsedTime(Volatile.Read(ref _since)) > LongestHold;

    private int _heldCount;

    /// <exception cref="InvalidDataException">The frame makes no sense.</exception>
    /// <exception cref="EntriesNotStoredException">It could not be written.</exception>
    public void Take(Frame.Entries entries, ReadOnlyMemory<byte> bytes)
    {
        Check(entries);
        if (!_holding && LooksSet(entries))
        {
            _holding = true;
            Volatile.Write(ref _since, time.GetTimestamp());
            clock.Ask();
        }
        if (!_holding)
        {
            Store(entries, bytes.Span);
            return;
        }
        _held ??= new();
        if (_held.Count == MostHeld)
            throw new InvalidDataException("Entries come, but no answer to clockAsk.");
        _held.Enqueue((entries, bytes.ToArray()));
        Volatile.Write(ref _heldCount, _held.Count);
    }

    /// <summary>Takes a reading of the host's clock; what has waited for it is stored.</summary>
    /// <exception cref="EntriesNotStoredException">It could not be written.</exception>
    public void Take(ClockReading reading)
    {
        if (Outside(reading.HostReceived) || Outside(reading.HostSent))
            throw new InvalidDataException("A clock that is nowhere near ours.");
        if (!agent.Take(reading))
        {
            clock.Ask();
            return;
        }
        _holding = false;
        while (_held?.TryDequeue(out var held) == true)
            Store(held.Entries, held.Bytes);
        _held = null;
        Volatile.Write(ref _heldCount, 0);
    }

    private void Store(Frame.Entries entries, ReadOnlySpan<byte> bytes)
    {
        try
        {
            var next = agent.Store(ring, oldest, entries, bytes);
            output.Post(new Frame.Ack(next));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new EntriesNotStoredException($"Entries can't be stored at this moment: {e.Message}", e);
        }
    }

    /// <summary>A time ahead of now, or one that is suddenly late though all came at once before.</summary>
    private bool LooksSet(Frame.Entries entries)
    {
        if (entries.Items.Count == 0 || agent.Clock is not { } estimate)
            return false;
        var late = time.GetUtcNow() - (entries.Items[^1].At + estimate.Offset);
        var wasLive = _live;
        _live = late < Late;
        return late < -(Ahead + estimate.Uncertainty) || (wasLive && !_live);
    }

    private static void Check(Frame.Entries entries)
    {
        if (entries.First is < 0 or > long.MaxValue / 2)
            throw new InvalidDataException($"Entries can't be numbered from {entries.First}.");
        foreach (var entry in entries.Items)
        {
            if (entry is null || entry.Host is null == entry.Gc is null)
                throw new InvalidDataException("An entry is a sample or a collection.");
            if (Outside(entry.At))
                throw new InvalidDataException($"An entry can't be of {entry.At:u}.");
        }
    }

    private static bool Outside(DateTimeOffset at) => at < Earliest || at > Latest;
}
