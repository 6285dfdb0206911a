using System.Numerics;
using System.Runtime.CompilerServices;
using Pressure.Record;

namespace Pressure.LoadGen.Engine;

/// <summary>
/// Times the phases of one request after another. Takes moments that its callers have read already: the clock is read for a phase's
/// sake only where a connection is opened, or where a request or response takes more than one turn.
/// </summary>
internal sealed class PhaseWatch
{
    // Time between two phases is the generator's own; it is counted nowhere.
    private const RequestPhase Own = RequestPhase.Receiving + 1;

    private Spans _spent;
    private uint _seen;
    private RequestPhase _current;
    private TimeSpan _since;

    /// <summary>A request is dispatched: until it has a connection it is blocked.</summary>
    public void Begin(TimeSpan now)
    {
        _seen = 0;
        (_current, _since) = (RequestPhase.Blocked, now);
    }

    /// <summary>The current phase is over, the next one begins.</summary>
    public void Enter(RequestPhase next, TimeSpan now)
    {
        if (_current != Own && now > _since)
            Add(_current, (now - _since).Ticks);
        (_current, _since) = (next, now);
    }

    /// <summary>The current phase is over, and the next one does not begin at once.</summary>
    public void Leave(TimeSpan now) => Enter(Own, now);

    /// <summary>The current phase turns out to have been another one.</summary>
    public void TurnInto(RequestPhase other) => _current = other;

    /// <summary>Records the phases that took time.</summary>
    public void Record(PhaseTimes times)
    {
        for (var left = _seen; left != 0; left &= left - 1)
        {
            var phase = BitOperations.TrailingZeroCount(left);
            times.Record((RequestPhase)phase, TimeSpan.FromTicks(_spent[phase]));
        }
    }

    // What stands there of an earlier request is written over: clearing it each time would cost more.
    private void Add(RequestPhase phase, long ticks)
    {
        var bit = 1u << (int)phase;
        _spent[(int)phase] = (_seen & bit) == 0 ? ticks : _spent[(int)phase] + ticks;
        _seen |= bit;
    }

    [InlineArray((int)Own)]
    private struct Spans
    {
        private long _first;
    }
}
