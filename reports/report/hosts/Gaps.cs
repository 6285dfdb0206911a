using Pressure.Record;

namespace Pressure.Reports;

/// <summary>The times in which nothing is known of a host. They count as nothing: not as zero, not as idle.</summary>
internal sealed class Gaps
{
    private readonly List<(TimeSpan From, TimeSpan To)> _holes = [];
    private TimeSpan? _from;
    private TimeSpan _to;
    private TimeSpan _slack;

    /// <summary>How far two samples may lie apart without a gap between them.</summary>
    public static TimeSpan Longest(HostSample sample) => sample.Over * 2;

    /// <summary>Takes the next sample.</summary>
    public void Take(HostSample sample)
    {
        var begin = sample.At - sample.Over;
        if (_from is null)
            _from = begin;
        else if (sample.At - _to > Longest(sample))
            _holes.Add((_to, begin));
        _to = _to > sample.At ? _to : sample.At;
        _slack = sample.Over;
    }

    /// <summary>The gaps between two moments, those before the first and after the last sample included.</summary>
    public IReadOnlyList<(TimeSpan From, TimeSpan To)> Within(TimeSpan start, TimeSpan end)
    {
        if (_from is not { } from)
            return end > start ? [(start, end)] : [];
        // The first sample may take as long as any other to come, and the last one's successor may be on its way.
        List<(TimeSpan From, TimeSpan To)> all = [.. _holes];
        if (from - start > _slack)
            all.Insert(0, (start, from));
        if (end - _to > _slack * 2)
            all.Add((_to, end));
        return [.. all.Select(g => (Later(g.From, start), Earlier(g.To, end))).Where(g => g.Item2 > g.Item1)];
    }

    private static TimeSpan Later(TimeSpan a, TimeSpan b) => a > b ? a : b;

    private static TimeSpan Earlier(TimeSpan a, TimeSpan b) => a < b ? a : b;
}
