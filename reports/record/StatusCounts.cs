namespace Pressure.Record;

/// <summary>
/// How often each status came, by status. Of a thousand that there may be a request sees one or two, and a record of twelve hours holds hundreds of thousands of these:
/// only those that were seen take room. <see cref="Clear"/> keeps it.
/// </summary>
internal sealed class StatusCounts
{
    /// <summary>Statuses are below it.</summary>
    public const int Limit = 1000;

    private ushort[] _statuses = [];
    private long[] _counts = [];
    private int _known;

    /// <summary>How often one came; a status outside 0 to 999 never does.</summary>
    public long this[int status] => (uint)status < Limit && Find(status) is >= 0 and var at ? _counts[at] : 0;

    /// <summary>Adds to one; a status outside 0 to 999 counts as 0.</summary>
    public void Add(int status, long count)
    {
        var known = (uint)status < Limit ? status : 0;
        var at = Find(known);
        if (at < 0)
            Insert(at = ~at, (ushort)known);
        _counts[at] += count;
    }

    /// <summary>Adds another's.</summary>
    public void Add(StatusCounts other)
    {
        for (var i = 0; i < other._known; i++)
            Add(other._statuses[i], other._counts[i]);
    }

    /// <summary>Those that came, in their order.</summary>
    public IEnumerable<(int Status, long Count)> Seen()
    {
        for (var i = 0; i < _known; i++)
        {
            if (_counts[i] > 0)
                yield return (_statuses[i], _counts[i]);
        }
    }

    /// <summary>Forgets the counts.</summary>
    public void Clear() => Array.Clear(_counts);

    private int Find(int status) => _statuses.AsSpan(0, _known).BinarySearch((ushort)status);

    private void Insert(int at, ushort status)
    {
        if (_known == _statuses.Length)
        {
            Array.Resize(ref _statuses, Math.Max(1, _known * 2));
            Array.Resize(ref _counts, _statuses.Length);
        }
        _statuses.AsSpan(at, _known - at).CopyTo(_statuses.AsSpan(at + 1));
        _counts.AsSpan(at, _known - at).CopyTo(_counts.AsSpan(at + 1));
        (_statuses[at], _counts[at]) = (status, 0);
        _known++;
    }
}
