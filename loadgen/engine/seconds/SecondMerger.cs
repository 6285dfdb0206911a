using System.Collections.Concurrent;
using System.Threading.Channels;
using Pressure.Record;

namespace Pressure.LoadGen.Engine;

/// <summary>
/// Merges the lanes' seconds and hands them on in order: a second is complete when every lane has closed it or is done.
/// </summary>
/// <remarks>
/// <code>
/// lane 0 -- closed second --\
///                            channel -> merge -> onSecond, and the emptied second back to a lane
/// lane 1 -- closed second --/
/// </code>
/// </remarks>
internal sealed class SecondMerger(int lanes, int requestCount, int share = 0) : ISecondSink
{
    private readonly Channel<(int Lane, LaneSecond? Closed)> _closed = Channel.CreateUnbounded<(int, LaneSecond?)>(new() { SingleReader = true });
    private readonly ConcurrentQueue<LaneSecond> _spare = new(Enumerable.Range(0, lanes).Select(_ => new LaneSecond(requestCount)));
    private readonly SortedDictionary<int, (Interval Interval, double Busiest)> _open = [];
    private readonly int[] _closedUpTo = new int[lanes];

    /// <inheritdoc/>
    public LaneSecond Exchange(int lane, LaneSecond closed)
    {
        _closed.Writer.TryWrite((lane, closed));
        return _spare.TryDequeue(out var spare) ? spare : new LaneSecond(requestCount);
    }

    /// <summary>A lane will close no more seconds; whatever it closes all the same is left out.</summary>
    public void Done(int lane) => _closed.Writer.TryWrite((lane, null));

    /// <summary>Merges until every lane is done.</summary>
    public async Task RunAsync(Action<EngineSecond> onSecond)
    {
        for (var running = lanes; running > 0;)
        {
            var (lane, closed) = await _closed.Reader.ReadAsync();
            // A lane that was given up as stuck may wake up after all.
            if (_closedUpTo[lane] == int.MaxValue)
                continue;
            if (closed is null)
            {
                running--;
                _closedUpTo[lane] = int.MaxValue;
            }
            else
            {
                Add(lane, closed);
            }

            HandOn(onSecond);
        }
    }

    private void Add(int lane, LaneSecond closed)
    {
        if (!_open.TryGetValue(closed.Second, out var merged))
            merged = (new Interval(share, closed.Second, requestCount), 0);
        merged.Interval.Add(closed.Counts);
        _open[closed.Second] = (merged.Interval, Math.Max(merged.Busiest, closed.Busy));
        _closedUpTo[lane] = closed.Second + 1;
        closed.Counts.Clear();
        _spare.Enqueue(closed);
    }

    private void HandOn(Action<EngineSecond> onSecond)
    {
        while (_open.Count > 0 && _open.First() is var (second, merged) && second < _closedUpTo.Min())
        {
            _open.Remove(second);
            onSecond(new EngineSecond(merged.Interval, merged.Busiest));
        }
    }
}
