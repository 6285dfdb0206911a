using Pressure.LoadGen;
using Pressure.Record;

namespace Pressure.Cluster;

/// <summary>What became of one lane's requests. Counted by its thread; others get a copy of the errors when they ask.</summary>
internal sealed class LaneTally(int captures)
{
    private readonly long[] _sentOf = new long[captures];
    private readonly Histogram _errors = new();
    private volatile bool _isAsked;
    private volatile Histogram? _shown;
    private long _taken;
    private long _dropped;
    private long _sent;
    private long _held;
    private long _carried;
    private long _leftOut;
    private long _lastDue;
    private long _lastError;

    /// <summary>Requests taken by the lane.</summary>
    public long Taken
    {
        get => Volatile.Read(ref _taken);
        set => Volatile.Write(ref _taken, value);
    }

    /// <summary>Of these, never sent.</summary>
    public long Dropped
    {
        get => Volatile.Read(ref _dropped);
        set => Volatile.Write(ref _dropped, value);
    }

    /// <summary>Of these, sent.</summary>
    public long Sent => Volatile.Read(ref _sent);

    /// <summary>Of these, of one capture.</summary>
    public long SentOf(int capture) => Volatile.Read(ref _sentOf[capture]);

    /// <summary>Of these, late because their client's earlier request was under way.</summary>
    public long Held => Volatile.Read(ref _held);

    /// <summary>Values put into requests.</summary>
    public long Carried
    {
        get => Volatile.Read(ref _carried);
        set => Volatile.Write(ref _carried, value);
    }

    /// <summary>Masked values left out of requests.</summary>
    public long LeftOut
    {
        get => Volatile.Read(ref _leftOut);
        set => Volatile.Write(ref _leftOut, value);
    }

    /// <summary>The moment of the latest request that was sent in time or late, and by how much it missed it.</summary>
    public (TimeSpan Due, TimeSpan Error) Last => (TimeSpan.FromTicks(Volatile.Read(ref _lastDue)), TimeSpan.FromTicks(Volatile.Read(ref _lastError)));

    /// <summary>Counts a request that is over.</summary>
    /// <param name="answer">How it ended.</param>
    /// <param name="planned">When it ought to have been sent.</param>
    /// <param name="capture">Which capture it is of.</param>
    public void Take(in ReplayedAnswer answer, TimeSpan planned, int capture)
    {
        Volatile.Write(ref _sent, _sent + 1);
        Volatile.Write(ref _sentOf[capture], _sentOf[capture] + 1);
        if (answer.WasHeld)
        {
            Volatile.Write(ref _held, _held + 1);
            return;
        }

        var error = answer.SentAt - planned;
        _errors.Record(error);
        if (planned.Ticks < _lastDue)
            return;
        Volatile.Write(ref _lastDue, planned.Ticks);
        Volatile.Write(ref _lastError, error.Ticks);
    }

    /// <summary>Asks for the errors: the lane shows them when it next looks. On any thread.</summary>
    public void Ask() => _isAsked = true;

    /// <summary>The errors as last shown; null before.</summary>
    public Histogram? Shown => _shown;

    /// <summary>All errors; once the lane has ended.</summary>
    public Histogram Errors => _errors;

    /// <summary>Shows the errors if somebody asked. On the lane's thread.</summary>
    public void ShowIfAsked()
    {
        if (!_isAsked)
            return;
        _isAsked = false;
        _shown = _errors.Copy();
    }
}
