using Pressure.LoadGen;
using Pressure.Record;
using Pressure.Reports;

namespace Pressure.Cluster;

/// <summary>
/// Drives a run through a capacity search: steers the load to the rate that the search wants, gathers the seconds of the plateau, judges
/// them, and ends the load when the search is over. It acts when a second has closed, so it needs no clock. Not thread-safe.
/// </summary>
/// <remarks>
/// <code>
///   rate  ____|settle|measured . . .|      |settle|measured . . .|
///             ^ At                  ^ closed, judged; breath      ^
/// </code>
/// </remarks>
internal sealed class SearchDriver
{
    private static readonly TimeSpan ShortestBreath = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan LongestBreath = TimeSpan.FromSeconds(10);

    /// <summary>What a breath and the wait for whole seconds usually take, for planning.</summary>
    private static readonly TimeSpan UsualPause = TimeSpan.FromSeconds(3);

    private readonly CapacitySearch _search;
    private readonly RunManifest _manifest;
    private readonly Steering _steering;
    private readonly Action<TimelineEvent> _tell;
    private readonly TimeSpan _begin;
    private readonly TimeSpan _longestBreath;
    private readonly int _settling;
    private readonly int _measuring;
    private readonly List<(Interval Interval, GeneratorSample Generator)> _seconds = [];
    private readonly HashSet<HostSample> _hosts = [];
    private TimelineEvent.SearchPlateauStarted? _plateau;
    private TimeSpan? _breathFrom;
    private int _number;
    private bool _over;

    /// <summary>Prepares a search that begins when the warm-up is over.</summary>
    public SearchDriver(Load.Search asked, TimeSpan warmUp, RunManifest manifest, Steering steering, Action<TimelineEvent> tell)
    {
        (_manifest, _steering, _tell, _begin) = (manifest, steering, tell, warmUp);
        _search = new CapacitySearch(asked with { Within = asked.Within - warmUp }, UsualPause);
        _longestBreath = asked.Plateau < LongestBreath ? asked.Plateau : LongestBreath;
        _settling = (int)Math.Clamp(Math.Ceiling(asked.Plateau.TotalSeconds / 5), 1, 5);
        _measuring = Math.Max(1, (int)asked.Plateau.TotalSeconds - _settling);
    }

    /// <summary>Takes a closed second, with the latest sample of each host.</summary>
    public void Take(Interval second, GeneratorSample generator, IEnumerable<HostSample> hosts)
    {
        var end = TimeSpan.FromSeconds(second.Second + 1);
        if (_over || end <= _begin)
            return;
        // The plan's own rate is the first that the search wants.
        if (_number == 0)
            Begin(_begin);
        if (_plateau is { } plateau)
            Gather(plateau, second, generator, hosts, end);
        else if (_breathFrom is { } from && end - from >= ShortestBreath && (second.InFlight == 0 || end - from >= _longestBreath))
            Steer(end);
    }

    /// <summary>Ends a search that is not over yet.</summary>
    public void Cut(TimeSpan at, SearchEnding ending)
    {
        if (!_over)
            Tell(at, _search.Cut(ending));
    }

    private void Gather(TimelineEvent.SearchPlateauStarted plateau, Interval second, GeneratorSample generator, IEnumerable<HostSample> hosts, TimeSpan end)
    {
        // What is left of the second in which the rate changed is part of the settling.
        if (second.Second < Math.Floor(plateau.At.TotalSeconds) + _settling)
            return;
        _seconds.Add((second, generator));
        // A host that has stopped answering still has its last sample: it counts once.
        _hosts.UnionWith(hosts);
        if (_seconds.Count < _measuring)
            return;
        var judged = PlateauMeasure.Of(_manifest, plateau, [.. _seconds.Select(s => s.Interval)], [.. _seconds.Select(s => s.Generator)], [.. _hosts]);
        _seconds.Clear();
        _hosts.Clear();
        _plateau = null;
        _search.Take(judged, end - _begin);
        _tell(new TimelineEvent.SearchPlateauEnded(end, judged, _search.Holds, _search.Breaks));
        Next(end);
    }

    private void Next(TimeSpan now)
    {
        if (_search.Next is SearchStep.Over over)
        {
            Tell(now, over.Result);
            _steering.Apply(new SteeringChange.Finish());
        }
        else if (((SearchStep.Plateau)_search.Next).BreatheFirst)
            _breathFrom = To(0, now);
        else
            Steer(now);
    }

    private void Steer(TimeSpan now)
    {
        _breathFrom = null;
        // Where the run's time is over the load ends by itself, and with it the search.
        if (To(((SearchStep.Plateau)_search.Next).Rate, now) is { } at)
            Begin(at);
    }

    private void Begin(TimeSpan at)
    {
        var wanted = (SearchStep.Plateau)_search.Next;
        _plateau = new TimelineEvent.SearchPlateauStarted(at, ++_number, wanted.Phase, wanted.Rate);
        _tell(_plateau);
    }

    /// <summary>From when on the load has the rate; null when it is over before.</summary>
    private TimeSpan? To(double rate, TimeSpan now)
    {
        var result = _steering.Apply(new SteeringChange.ToRate(new Rate((decimal)rate, TimeSpan.FromSeconds(1))));
        return !result.IsAccepted ? null : result.Changed ? result.At : now;
    }

    private void Tell(TimeSpan at, SearchResult result)
    {
        _over = true;
        _tell(new TimelineEvent.SearchEnded(at, result));
    }
}
