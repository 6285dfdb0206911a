using Pressure.LoadGen;
using Pressure.Record;

namespace Pressure.Cluster;

/// <summary>Adds up what the workers tell of each second, for the live view: the record has each worker's own. Not thread-safe.</summary>
/// <param name="requestCount">Requests of the manifest.</param>
internal sealed class SecondGathering(int requestCount)
{
    /// <summary>What has not come by then is left out of the live view.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(1.2);

    // Seconds far ahead come from a peer that has gone mad, or a clock that is off by minutes.
    private const int MostOpen = 3_600;

    private readonly SortedDictionary<int, (Interval Interval, List<GeneratorSample> Generators)> _open = [];

    /// <summary>The next second to be handed on.</summary>
    public int Next { get; private set; }

    /// <summary>Begins behind what was handed on before.</summary>
    public void BeginAt(int second) => Next = second;

    /// <summary>The last second of which anything was told and not handed on; -1 if there is none.</summary>
    public int Last => _open.Count > 0 ? _open.Last().Key : -1;

    /// <summary>Takes a share's second; one that was handed on already is too late.</summary>
    public void Add(Interval second, GeneratorSample generator)
    {
        if (second.Second < Next || second.Second > Next + MostOpen)
            return;
        if (!_open.TryGetValue(second.Second, out var open))
            _open[second.Second] = open = (new Interval(0, second.Second, requestCount), []);
        open.Interval.Add(second);
        open.Generators.Add(generator);
    }

    /// <summary>Hands on what is complete, or late; seconds of which nobody told anything are empty.</summary>
    /// <param name="now">On the run's clock.</param>
    /// <param name="isComplete">Whether all have told a second.</param>
    public IEnumerable<(EngineSecond Second, GeneratorSample Generator)> Due(TimeSpan now, Func<int, bool> isComplete)
    {
        while ((_open.ContainsKey(Next) && isComplete(Next)) || now >= TimeSpan.FromSeconds(Next + 1) + Patience)
            yield return TakeNext();
    }

    /// <summary>Hands on all that there is.</summary>
    public IEnumerable<(EngineSecond Second, GeneratorSample Generator)> Rest()
    {
        while (_open.Count > 0)
            yield return TakeNext();
    }

    private (EngineSecond Second, GeneratorSample Generator) TakeNext()
    {
        var (interval, generators) = _open.Remove(Next, out var open) ? open : (new Interval(0, Next, requestCount), []);
        Next++;
        return (new EngineSecond(interval, generators.Select(g => g.BusiestLane).DefaultIfEmpty().Max()), Merged(interval, generators));
    }

    /// <summary>A run can do no more than its worst worker: saturation is judged by that.</summary>
    private static GeneratorSample Merged(Interval interval, List<GeneratorSample> generators) => new()
    {
        At = TimeSpan.FromSeconds(interval.Second + 1),
        Cpu = generators.Sum(g => g.Cpu),
        BusiestLane = generators.Select(g => g.BusiestLane).DefaultIfEmpty().Max(),
        LateP50 = generators.Select(g => g.LateP50).DefaultIfEmpty().Max(),
        LateP99 = generators.Select(g => g.LateP99).DefaultIfEmpty().Max(),
        Backlog = generators.Select(g => g.Backlog).DefaultIfEmpty().Max(),
        Memory = generators.Sum(g => g.Memory),
    };
}
