namespace Pressure.Cluster;

/// <summary>Which seconds were told: mostly all from the first to the last, so few numbers suffice however long a run is. Not thread-safe.</summary>
internal sealed class ToldSeconds
{
    private readonly SortedSet<int> _beyond = [];
    private int _first = -1;
    private int _next = -1;

    /// <summary>How many were told.</summary>
    public int Count => _first < 0 ? 0 : _next - _first + _beyond.Count;

    /// <summary>The last one; -1 if none was.</summary>
    public int Last => _first < 0 ? -1 : Math.Max(_next - 1, _beyond.Count > 0 ? _beyond.Max : -1);

    /// <summary>Adds one; false when it was told before.</summary>
    public bool Add(int second)
    {
        if (Contains(second))
            return false;
        if (_first < 0)
            (_first, _next) = (second, second + 1);
        else
            _beyond.Add(second);
        while (_beyond.Remove(_next))
            _next++;
        while (_beyond.Remove(_first - 1))
            _first--;
        return true;
    }

    /// <summary>Whether one was told.</summary>
    public bool Contains(int second) => (_first >= 0 && second >= _first && second < _next) || _beyond.Contains(second);
}
