using Pressure.Record;

namespace Pressure.Agent;

/// <summary>Puts samples and collections into the ring, for as long as there is one. Thread-safe.</summary>
public sealed class EntryIntake(string host, Action<string> tell) : IGcSink
{
    private readonly Lock _gate = new();
    private EntryRing? _ring;

    /// <summary>Where entries go from now on; null for nowhere. When this returns, nothing more goes to the one before.</summary>
    public void PutInto(EntryRing? ring)
    {
        lock (_gate)
            _ring = ring;
    }

    /// <summary>Takes a sample of the moment.</summary>
    public void Take(DateTimeOffset at, HostSample sample)
    {
        lock (_gate)
        {
            if (_ring is not { } ring)
                return;
            var counted = sample.Agent is { } use ? sample with { Agent = use with { Dropped = ring.Dropped } } : sample;
            ring.Append(new AgentEntry(at, Host: counted));
        }
    }

    /// <inheritdoc/>
    public void Take(DateTimeOffset at, GcEvent collection)
    {
        lock (_gate)
            _ring?.Append(new AgentEntry(at, Gc: collection with { Host = host }));
    }

    /// <inheritdoc/>
    public void Tell(string what) => tell(what);
}
