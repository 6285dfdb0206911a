namespace Pressure.Cluster;

/// <summary>Takes what comes for a run, before it begins and after: who is there, who is ready; the rest is handed on to the run once it goes. Thread-safe.</summary>
internal sealed class CrewDesk(TimeProvider time) : ICrewReader
{
    private readonly Lock _gate = new();
    private readonly long _begin = time.GetTimestamp();
    private readonly PresenceBook _presence = new();
    private readonly Dictionary<(string Worker, int Share), ShareReady> _ready = [];
    private readonly Dictionary<(string Worker, int Share), ShareEnded> _ended = [];
    private HashSet<string> _known = [];
    private ICrewReader? _run;

    /// <summary>Cards of those who are there.</summary>
    public IReadOnlyList<WorkerCard> There
    {
        get
        {
            lock (_gate)
                return _presence.At(time.GetElapsedTime(_begin));
        }
    }

    /// <summary>Says who has to do with the run.</summary>
    public void Know(IEnumerable<string> workers)
    {
        lock (_gate)
            _known = [.. workers];
    }

    /// <summary>What a worker said last of its first share, also that it leaves; null while it said nothing.</summary>
    public ShareReady? ReadyOf(string worker, int share)
    {
        lock (_gate)
            return _ready.GetValueOrDefault((worker, share));
    }

    /// <summary>Hands everything on from here, and who has left meanwhile.</summary>
    public void HandOnTo(ICrewReader run)
    {
        ShareEnded[] ended;
        lock (_gate)
        {
            Volatile.Write(ref _run, run);
            ended = [.. _ended.Values];
        }
        foreach (var left in ended)
            run.Take(left);
    }

    public bool Knows(string worker)
    {
        if (Volatile.Read(ref _run) is { } run)
            return run.Knows(worker);
        lock (_gate)
            return _known.Contains(worker);
    }

    public void Take(WorkerCard card)
    {
        lock (_gate)
            _presence.Take(card, time.GetElapsedTime(_begin));
    }

    public void Take(ShareReady ready)
    {
        if (Volatile.Read(ref _run) is { } run)
        {
            run.Take(ready);
            return;
        }
        lock (_gate)
        {
            if (_known.Contains(ready.Worker) && ready.Epoch == 0)
                _ready[(ready.Worker, ready.Share)] = ready;
        }
    }

    public void Take(Beat beat) => Volatile.Read(ref _run)?.Take(beat);

    public void Take(ShareSecond second, ReadOnlySpan<byte> interval) => Volatile.Read(ref _run)?.Take(second, interval);

    public void Take(ShareReplay replay) => Volatile.Read(ref _run)?.Take(replay);

    public void Take(ShareEnded ended)
    {
        lock (_gate)
        {
            // Within the lock: it is told once, so it must not fall between what is kept and what is handed on.
            if (_run is null)
            {
                Keep(ended);
                return;
            }
        }
        _run.Take(ended);
    }

    // Its card counts for seconds after it is gone: without this it would pass for ready.
    private void Keep(ShareEnded ended)
    {
        if (!_known.Contains(ended.Worker) || ended.Epoch != 0)
            return;
        var (key, why) = ((ended.Worker, ended.Share), ended.Failure ?? "it ended before the start.");
        _ended[key] = ended;
        _ready[key] = (_ready.GetValueOrDefault(key) ?? new ShareReady(ended.Worker, ended.Share, ended.Epoch)) with { Problems = [why] };
    }
}
