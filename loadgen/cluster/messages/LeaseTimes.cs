namespace Pressure.Cluster;

/// <summary>What follows from a run's heartbeat and lease.</summary>
/// <remarks>
/// <code>
///  last beat heard                    patience          lease
///        |-- beats, four a heartbeat --|-- short notice --|
///        dead                          given away         | the successor's first request, its clock's uncertainty later
/// </code>
/// </remarks>
internal static class LeaseTimes
{
    /// <summary>What a worker that has plan and files needs to begin.</summary>
    public static readonly TimeSpan ShortNotice = TimeSpan.FromMilliseconds(250);

    /// <summary>What one needs that has to be given everything first.</summary>
    public static readonly TimeSpan LongNotice = TimeSpan.FromMilliseconds(900);

    // How late a coordinator may notice.
    private static readonly TimeSpan Noticing = TimeSpan.FromMilliseconds(50);

    private const int BeatsEach = 4;

    /// <summary>How often a worker beats and its coordinator answers: one of them that is lost, or late, does no harm.</summary>
    public static TimeSpan BeatPause(TimeSpan heartbeat) => heartbeat / BeatsEach;

    /// <summary>How long a worker may be silent: then its successor is told, so that it is ready when the lease ends.</summary>
    public static TimeSpan Patience(TimeSpan lease)
    {
        var notice = ShortNotice + Noticing;
        return notice < lease / 4 ? lease - notice : lease * 0.75;
    }
}
