namespace Pressure.LoadGen.Engine;

/// <summary>
/// Numbers for iterations that no two of a run share: those of the second scenario's schedule are numbered on from the last one of the first.
/// Those that steering adds to the plan come after all of them, in turn.
/// </summary>
/// <param name="Offset">Number of the stream's first iteration.</param>
/// <param name="Planned">Iterations of the stream as planned.</param>
/// <param name="All">Iterations of all streams as planned.</param>
/// <param name="Stream">The stream's position.</param>
/// <param name="Streams">Streams in all.</param>
internal readonly record struct StartNumbers(long Offset, long Planned, long All, int Stream, int Streams)
{
    public static StartNumbers Of(IReadOnlyList<StartStream> streams, int position) =>
        new(streams.Take(position).Sum(s => s.Starts.Count), streams[position].Starts.Count, streams.Sum(s => s.Starts.Count), position, streams.Count);

    /// <summary>Number of the stream's n-th iteration.</summary>
    public long this[long n] => n < Planned ? Offset + n : All + ((n - Planned) * Streams) + Stream;
}
