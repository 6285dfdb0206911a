namespace Shop;

/// <summary>The running behaviour of one service: what was asked, and the counters that make it exact.</summary>
internal sealed class ServiceControl(TimeProvider time) : IDisposable
{
    private const int Piece = 8 * 1024;
    private volatile Asked _asked = new(new Behaviour());

    public Admission Admission { get; } = new();

    public FreezeGate Freeze { get; } = new(time);

    /// <summary>What is in force; its freeze is the time left.</summary>
    public Behaviour Behaviour => _asked.Behaviour with { Freeze = Freeze.Left };

    /// <summary>Replaces the behaviour and starts its counters afresh.</summary>
    public void Set(Behaviour behaviour)
    {
        if (behaviour.Problems() is [var first, ..])
            throw new ArgumentException(first, nameof(behaviour));
        _asked = new Asked(behaviour);
        Admission.Limit(behaviour.Capacity, behaviour.WhenFull);
        Freeze.CloseFor(behaviour.Freeze);
    }

    /// <summary>Spends a request's memory and time. False when this request is one that has to fail.</summary>
    public async Task<bool> ServeAsync(CancellationToken gone)
    {
        var asked = _asked;
        var number = Interlocked.Increment(ref asked.Served);
        var memory = Allocate(asked.Behaviour.Allocate);
        await DelayAsync(asked.Behaviour, number, gone);
        GC.KeepAlive(memory);
        return !Fails(asked.Behaviour.ErrorRate, number);
    }

    public void Dispose() => Freeze.Dispose();

    /// <summary>Whether request <paramref name="number"/> (from 1) fails: of the first n, floor(n x rate) do, evenly spread.</summary>
    internal static bool Fails(decimal rate, long number) => rate > 0 && decimal.Floor(number * rate) > decimal.Floor((number - 1) * rate);

    /// <summary>The delay of request <paramref name="number"/>: the golden ratio's multiples spread the jitter evenly.</summary>
    internal static TimeSpan DelayOf(Behaviour behaviour, long number)
    {
        const double goldenRatio = 0.618_033_988_749_894_9;
        return behaviour.Delay + behaviour.DelayJitter * (number * goldenRatio % 1);
    }

    private async Task DelayAsync(Behaviour behaviour, long number, CancellationToken gone)
    {
        var delay = DelayOf(behaviour, number);
        var start = time.GetTimestamp();
        // Timers count whole milliseconds and may fire a little early; a known delay must never be shorter than it says.
        for (var left = delay; left > TimeSpan.Zero; left = delay - time.GetElapsedTime(start))
            await Task.Delay(TimeSpan.FromMilliseconds(Math.Ceiling(left.TotalMilliseconds)), time, gone);
    }

    // In pieces, as an application allocates; one large array would go to the large object heap and press another collector.
    private static byte[][] Allocate(int bytes)
    {
        if (bytes == 0)
            return [];
        var pieces = new byte[(bytes + Piece - 1) / Piece][];
        for (var i = 0; i < pieces.Length; i++)
            pieces[i] = new byte[Math.Min(Piece, bytes - i * Piece)];
        return pieces;
    }

    private sealed class Asked(Behaviour behaviour)
    {
        public readonly Behaviour Behaviour = behaviour;
        public long Served;
    }
}
