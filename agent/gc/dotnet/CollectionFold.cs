namespace Pressure.Agent;

/// <summary>
/// Makes collections of a runtime's steps, given in the order of time. A stop of all threads belongs to the collection that asked for it:
/// <code>
/// blocking     stop ── start ──────────── done, sizes ── go       pause: stop to done, as the runtime itself counts it
/// background   stop ── start ── go ····· stop ── go ····· done, sizes        the sum of its stops
///  a younger one first:  stop ── start B ── start y ── done y ── go          y's own part is y's, the rest is B's
///  younger ones between:             ····· stop ── start y ── done y ── go ·····
/// </code>
/// What is torn, because listening began in the middle or the runtime had no room for its events, is left out and counted.
/// </summary>
internal sealed class CollectionFold(Action<Collection> take)
{
    private Collection? _blocking;   // begun and not done
    private Collection? _background; // the same, beside the program
    private Collection? _unsized;    // done, its sizes still to come
    private long? _stopped;          // where the part of the present stop begins that nobody has been given yet
    private bool _stopIsBackgrounds;
    private long? _lastNumber;

    /// <summary>Ticks in which all threads stood still, in all.</summary>
    public long Paused { get; private set; }

    /// <summary>Since when they stand still now; null if they run.</summary>
    public long? PausedSince => _blocking is not null || _stopIsBackgrounds ? _stopped : null;

    /// <summary>Collections that must have been but were not heard whole.</summary>
    public long Missed { get; private set; }

    /// <summary>Takes the next step.</summary>
    public void Take(GcStep step)
    {
        if (step is not GcStep.HeapSizes)
            HandOn();
        switch (step)
        {
            case GcStep.Suspending s:
                _stopped = s.ForGc ? s.At : null;
                _stopIsBackgrounds = s.ForBackground;
                break;
            case GcStep.Started s:
                Start(s);
                break;
            case GcStep.HeapHistory s when (_blocking ?? _background) is { } collection:
                collection.Add(s);
                break;
            case GcStep.Committed s when (_blocking ?? _background) is { } collection:
                collection.Committed = s.Size;
                break;
            case GcStep.Done s:
                End(s);
                break;
            case GcStep.HeapSizes s when _unsized is { } collection:
                collection.Sizes = s.Generations;
                HandOn();
                break;
            case GcStep.Restarting s:
                if (_stopIsBackgrounds)
                    Give(_background, s.At);
                _stopped = null;
                _stopIsBackgrounds = false;
                break;
        }
    }

    /// <summary>The stream has ended: hands on what is done.</summary>
    public void Finish() => HandOn();

    private void Start(GcStep.Started step)
    {
        if (_lastNumber is { } last && step.Number > last + 1)
            Missed += step.Number - last - 1;
        _lastNumber = Math.Max(_lastNumber ?? 0, step.Number);
        var collection = new Collection(step, _stopped ?? step.At);
        if (step.Background)
        {
            Missed += _background is null ? 0 : 1;
            _background = collection;
            _stopIsBackgrounds = true;
            return;
        }
        Missed += _blocking is null ? 0 : 1;
        if (_stopIsBackgrounds)
        {
            Give(_background, step.At);
            collection.Begin = step.At;
        }
        _blocking = collection;
    }

    private void End(GcStep.Done step)
    {
        if (_blocking?.Number == step.Number)
        {
            Give(_blocking, step.At);
            if (!_stopIsBackgrounds)
                _stopped = null;
            (_unsized, _blocking) = (_blocking, null);
        }
        else if (_background?.Number == step.Number)
        {
            // One that finds little to do ends before the threads run again.
            if (_stopIsBackgrounds)
            {
                Give(_background, step.At);
                _stopped = null;
            }
            (_unsized, _background) = (_background, null);
        }
        else
        {
            return; // its begin was before we listened
        }
        _unsized.End = step.At;
    }

    private void Give(Collection? collection, long upTo)
    {
        if (_stopped is not { } from || upTo <= from)
            return;
        _stopped = upTo;
        Paused += upTo - from;
        if (collection is not null)
            collection.Paused += upTo - from;
    }

    private void HandOn()
    {
        if (_unsized is not { } done)
            return;
        _unsized = null;
        take(done);
    }
}

/// <summary>A collection as the stream tells it; times in ticks of the stream's clock.</summary>
internal sealed class Collection(GcStep.Started start, long begin)
{
    private const long Most = 1L << 55;

    public long Number { get; } = start.Number;

    public int Generation { get; } = start.Generation;

    public int Reason { get; } = start.Reason;

    public bool Background { get; } = start.Background;

    /// <summary>When the threads were asked to stop for it.</summary>
    public long Begin { get; set; } = begin;

    public long End { get; set; } = begin;

    public long Paused { get; set; }

    /// <summary>Bytes by generation (0, 1, 2, large, pinned) before and after, over all heaps; null if not told.</summary>
    public long[]? Before { get; private set; }

    /// <inheritdoc cref="Before"/>
    public long[]? After { get; private set; }

    /// <summary>Bytes by generation after it, objects that were allocated beside it included; null if not told.</summary>
    public long[]? Sizes { get; set; }

    /// <summary>Bytes taken from the system; null if not told.</summary>
    public long? Committed { get; set; }

    /// <summary>Adds a heap.</summary>
    public void Add(GcStep.HeapHistory heap)
    {
        Before ??= new long[5];
        After ??= new long[5];
        for (var generation = 0; generation < 5; generation++)
        {
            Before[generation] = Math.Min(Most, Before[generation] + heap.Before[generation]);
            After[generation] = Math.Min(Most, After[generation] + heap.After[generation]);
        }
    }
}
