using Pressure.TrafficCopy;

namespace Pressure.Cluster;

/// <summary>Goes through several captures as one, by time. Each begins at once unless they are laid over each other by the clock.</summary>
internal sealed class CaptureMerge : IDisposable
{
    private readonly IEnumerator<CapturedExchange>?[] _open;
    private readonly long[] _first;
    private readonly long[] _offsets;
    private int _at = -1;

    public CaptureMerge(IReadOnlyList<ICaptureReader> captures, bool byClock)
    {
        _open = [.. captures.Select(c => c.ByTime().GetEnumerator())];
        _offsets = new long[captures.Count];
        _first = [.. captures.Select(c => c.Info.FirstAt)];
        if (byClock)
            Array.Fill(_first, _first.Where(f => f != 0).DefaultIfEmpty(0).Min());
        for (var i = 0; i < _open.Length; i++)
            Advance(i);
    }

    /// <summary>Which capture the current exchange is of.</summary>
    public int Capture => _at;

    /// <summary>The current exchange.</summary>
    public CapturedExchange Current => _open[_at]!.Current;

    /// <summary>When it came, in nanoseconds from the beginning; never less than before within a capture.</summary>
    public long Offset => _offsets[_at];

    /// <summary>The length of all captures, from the first request's beginning to the last one's, in nanoseconds.</summary>
    public static long LengthOf(IReadOnlyList<CaptureInfo> captures, bool byClock)
    {
        var some = captures.Where(c => c.FirstAt != 0).ToList();
        if (some.Count == 0)
            return 0;
        return byClock ? some.Max(c => c.LastAt) - some.Min(c => c.FirstAt) : some.Max(c => c.LastAt - c.FirstAt);
    }

    /// <summary>Goes to the next exchange of all; false when there is none.</summary>
    public bool MoveNext()
    {
        if (_at >= 0)
            Advance(_at);
        _at = -1;
        for (var i = 0; i < _open.Length; i++)
        {
            if (_open[i] is not null && (_at < 0 || _offsets[i] < _offsets[_at]))
                _at = i;
        }

        return _at >= 0;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        for (var i = 0; i < _open.Length; i++)
            End(i);
    }

    private void Advance(int capture)
    {
        if (!_open[capture]!.MoveNext())
        {
            End(capture);
            return;
        }

        var at = _open[capture]!.Current.At;
        if (_first[capture] == 0)
            _first[capture] = at;
        // A clock that was set back must not send what comes later before what came earlier.
        _offsets[capture] = Math.Max(_offsets[capture], at - _first[capture]);
    }

    private void End(int capture)
    {
        _open[capture]?.Dispose();
        _open[capture] = null;
    }
}
