namespace Pressure.Record;

/// <summary>
/// One second of one share: what was asked and sent, and what came back. Seconds are half-open: [<see cref="Second"/>, <see cref="Second"/> + 1).
/// </summary>
/// <remarks>
/// Asked counts stand in the second of the intended start; sent counts in the second of the actual send; outcomes and durations in
/// the second in which the request ended; not-sent counts in the second in which the request was given up. Intervals of one second
/// from several shares are added.
/// </remarks>
public sealed class Interval
{
    /// <summary>An empty interval for <paramref name="requestCount"/> requests of the manifest.</summary>
    public Interval(int share, int second, int requestCount)
    {
        Share = share;
        Second = second;
        Requests = [.. Enumerable.Range(0, requestCount).Select(_ => new RequestInterval())];
    }

    /// <summary>Which share of the run this is; 0 for a local run.</summary>
    public int Share { get; }

    /// <summary>Whole seconds since the run's start.</summary>
    public int Second { get; }

    /// <summary>One entry per request, in the order of <see cref="RunManifest.Requests"/>.</summary>
    public IReadOnlyList<RequestInterval> Requests { get; }

    /// <summary>
    /// How late the generator was: dispatch (send on an open connection, or begin of a connect) minus intended start, of requests that
    /// a schedule or pause made due and that found a connection free.
    /// </summary>
    public Histogram Lateness { get; internal init; } = new();

    /// <summary>Iterations (runs through a scenario) begun.</summary>
    public long IterationsStarted { get; set; }

    /// <summary>Iterations ended.</summary>
    public long IterationsEnded { get; set; }

    /// <summary>Iterations that were due and could not be started (all their requests are counted as not sent).</summary>
    public long IterationsDropped { get; set; }

    /// <summary>Connections open at the end of the second.</summary>
    public int OpenConnections { get; set; }

    /// <summary>Requests in flight at the end of the second.</summary>
    public int InFlight { get; set; }

    /// <summary>Adds another interval's counts (same requests) to this one; gauges (connections, in flight) add too.</summary>
    public void Add(Interval other)
    {
        for (var i = 0; i < Requests.Count; i++)
            Requests[i].Add(other.Requests[i]);
        Lateness.Add(other.Lateness);
        IterationsStarted += other.IterationsStarted;
        IterationsEnded += other.IterationsEnded;
        IterationsDropped += other.IterationsDropped;
        OpenConnections += other.OpenConnections;
        InFlight += other.InFlight;
    }

    /// <summary>As bytes, for a log or a message; see docs/run-folder.md.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A count is negative.</exception>
    public byte[] Encode() => IntervalEncoding.Write(this);

    /// <summary>Reads what <see cref="Encode"/> wrote.</summary>
    /// <exception cref="InvalidDataException">The bytes are not an interval.</exception>
    public static Interval Decode(ReadOnlySpan<byte> bytes) => IntervalEncoding.Read(bytes);

    /// <summary>Forgets all counts, keeps the memory, so that a generator can count without allocating.</summary>
    public void Clear()
    {
        foreach (var request in Requests)
            request.Clear();
        Lateness.Clear();
        IterationsStarted = IterationsEnded = IterationsDropped = 0;
        OpenConnections = InFlight = 0;
    }
}
