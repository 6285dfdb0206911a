using Pressure.Record;

namespace Pressure.Reports;

/// <summary>What one probe said over time. Only changes are told, so it is as it was told last.</summary>
internal sealed class ProbeTrack
{
    private readonly List<(TimeSpan At, bool Held)> _told = [];

    private ProbeTrack(string name, string experiment) => (Name, Experiment) = (name, experiment);

    public string Name { get; }

    public string Experiment { get; }

    /// <summary>How often it was asked; zero if it was asked now and then only.</summary>
    public TimeSpan Every { get; private set; }

    public bool HeldAtEnd => _told[^1].Held;

    /// <summary>How often it began to fail.</summary>
    public int Failures => _told.Where((t, i) => !t.Held && (i == 0 || _told[i - 1].Held)).Count();

    /// <summary>All probes in the order in which they were first told of.</summary>
    public static IReadOnlyList<ProbeTrack> Of(IReadOnlyList<TimelineEvent> events)
    {
        List<ProbeTrack> tracks = [];
        foreach (var what in events)
        {
            var (experiment, name, every, held) = what switch
            {
                TimelineEvent.ProbeFailed f => (f.Experiment, f.Probe, f.Every, false),
                TimelineEvent.ProbeHeld h => (h.Experiment, h.Probe, h.Every, true),
                _ => ("", null, default, false),
            };
            if (name is null)
                continue;
            if (tracks.Find(t => t.Name == name && t.Experiment == experiment) is not { } track)
                tracks.Add(track = new(name, experiment));
            track._told.Add((what.At, held));
            track.Every = every > track.Every ? every : track.Every;
        }
        return tracks;
    }

    /// <summary>The first time from a moment on, and before another, at which it began to fail; null if it did not.</summary>
    public TimeSpan? FailsFrom(TimeSpan from, TimeSpan to) =>
        _told.Where((t, i) => !t.Held && t.At >= from && t.At < to && (i == 0 || _told[i - 1].Held)).Select(t => (TimeSpan?)t.At).FirstOrDefault();

    /// <summary>From when on it held for good, as of a moment; null if it did not.</summary>
    public TimeSpan? HoldsFrom(TimeSpan to)
    {
        var told = _told.Where(t => t.At < to).ToList();
        if (told is not [.., { Held: true }])
            return null;
        var lastFailure = told.FindLastIndex(t => !t.Held);
        return told[lastFailure + 1].At;
    }

    /// <summary>What it said, from when to when, up to an end; each lasts until it was told anew.</summary>
    public IEnumerable<(TimeSpan From, TimeSpan To, bool Held)> Spells(TimeSpan end) =>
        _told.Where(t => t.At < end).Select((t, i) => (t.At, i + 1 < _told.Count && _told[i + 1].At < end ? _told[i + 1].At : end, t.Held));

    /// <summary>For how long of a stretch it failed.</summary>
    public TimeSpan FailedWithin(TimeSpan from, TimeSpan to)
    {
        var failed = TimeSpan.Zero;
        for (var i = 0; i < _told.Count; i++)
        {
            var (begin, end) = (_told[i].At > from ? _told[i].At : from, i + 1 < _told.Count && _told[i + 1].At < to ? _told[i + 1].At : to);
            if (!_told[i].Held && end > begin)
                failed += end - begin;
        }
        return failed;
    }
}
