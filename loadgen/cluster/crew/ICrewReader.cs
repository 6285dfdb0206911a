namespace Pressure.Cluster;

/// <summary>Reads what workers send and tell. Called from several threads.</summary>
internal interface ICrewReader
{
    /// <summary>Whether a worker has to do with the run: others get no answers.</summary>
    bool Knows(string worker);

    void Take(WorkerCard card);

    void Take(Beat beat);

    void Take(ShareReady ready);

    /// <summary>A second of a share.</summary>
    /// <exception cref="InvalidDataException">The interval is none.</exception>
    void Take(ShareSecond second, ReadOnlySpan<byte> interval);

    /// <summary>How faithful a share of a replay is.</summary>
    /// <exception cref="InvalidDataException">Nobody would tell that.</exception>
    void Take(ShareReplay replay);

    void Take(ShareEnded ended);
}
