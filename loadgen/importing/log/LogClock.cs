namespace Pressure.LoadGen.Importing;

/// <summary>One clock hour of a log.</summary>
internal sealed class LogHour(LogTime first)
{
    private int[]? _seconds = new int[3_600];

    public LogTime Start { get; } = first with { Utc = first.HourStart };

    public long Requests { get; private set; }

    public long Pages { get; private set; }

    public bool IsOpen => _seconds is not null;

    /// <summary>The busiest second within, of what came while the hour was open.</summary>
    public (int Second, int Requests) Busiest { get; private set; }

    public void Add(LogTime time, bool isPage)
    {
        Requests++;
        Pages += isPage ? 1 : 0;
        if (_seconds is null)
            return;
        var second = (int)(time.Utc - Start.Utc);
        if (++_seconds[second] > Busiest.Requests)
            Busiest = (second, _seconds[second]);
    }

    /// <summary>Forgets the single seconds.</summary>
    public void Close() => _seconds = null;
}

/// <summary>Counts requests by hour and second. Lines may be out of order by two days and more; memory is bounded.</summary>
internal sealed class LogClock
{
    private const int MostHours = 100_000;
    private const int MostOpen = 64;

    private readonly Dictionary<long, LogHour> _hours = [];
    private readonly List<LogHour> _open = [];
    private LogHour? _latest;

    public IEnumerable<LogHour> Hours => _hours.Values;

    public LogTime First { get; private set; } = new(long.MaxValue, 0);

    public LogTime Last { get; private set; } = new(long.MinValue, 0);

    /// <summary>Different zones seen; more than one when clocks change or servers differ.</summary>
    public HashSet<int> Offsets { get; } = [];

    /// <summary>Counts a request; false when the log spans more hours than any log does.</summary>
    public bool Add(LogTime time, bool isPage)
    {
        var start = time.HourStart;
        if (_latest is null || _latest.Start.Utc != start)
        {
            if (!_hours.TryGetValue(start, out var hour))
            {
                if (_hours.Count == MostHours)
                    return false;
                hour = Open(time);
            }
            _latest = hour;
            Offsets.Add(time.Offset);
        }
        if (time.Utc < First.Utc)
            First = time;
        if (time.Utc > Last.Utc)
            Last = time;
        _latest.Add(time, isPage);
        return true;
    }

    private LogHour Open(LogTime time)
    {
        var hour = new LogHour(time);
        _hours.Add(hour.Start.Utc, hour);
        _open.Add(hour);
        if (_open.Count > MostOpen)
        {
            var oldest = _open.MinBy(h => h.Start.Utc)!;
            oldest.Close();
            _open.Remove(oldest);
        }
        return hour;
    }
}
