namespace Pressure.Mirror;

/// <summary>What became of the copy of a request. Each request that production was asked has exactly one fate in the end.</summary>
public enum CopyFate
{
    /// <summary>Not known yet: it is on its way to production, waits, or is on its way to the test target.</summary>
    Open,

    /// <summary>The test target answered, whatever it said.</summary>
    Copied,

    /// <summary>There is no test target: the mirror only records.</summary>
    NotAsked,

    /// <summary>Its method is not among those that are copied.</summary>
    Method,

    /// <summary>Its path is not among those that are copied.</summary>
    Path,

    /// <summary>It is not in the share that is copied.</summary>
    Share,

    /// <summary>A WebSocket, or another change of protocol.</summary>
    Upgrade,

    /// <summary>It is a copy itself: it bears a mirror's mark.</summary>
    Marked,

    /// <summary>Copying was paused.</summary>
    Paused,

    /// <summary>Its body is longer than the limit.</summary>
    BodyTooLarge,

    /// <summary>The client went away before it was answered.</summary>
    ClientAborted,

    /// <summary>Production did not answer.</summary>
    ProductionFailed,

    /// <summary>Production answered without reading all of its body, so the mirror does not have it either.</summary>
    BodyUnread,

    /// <summary>As many as may wait were waiting.</summary>
    QueueFull,

    /// <summary>What waited took all the memory that may be taken.</summary>
    NoRoom,

    /// <summary>The test target had failed so often that it was left alone for a while.</summary>
    BreakerOpen,

    /// <summary>No connection to the test target.</summary>
    ConnectFailed,

    /// <summary>The test target did not answer in time.</summary>
    TimedOut,

    /// <summary>The connection to the test target broke, or its answer made no sense.</summary>
    Broken,

    /// <summary>The mirror ended before its turn came.</summary>
    Ended,
}

/// <summary>Fates in words.</summary>
public static class CopyFates
{
    private static readonly string[] AllWords = [.. Enum.GetNames<CopyFate>().Select(Hyphenated)];

    /// <summary>All that a copy can come to in the end.</summary>
    public static IReadOnlyList<CopyFate> Final { get; } = [.. Enum.GetValues<CopyFate>().Where(f => f != CopyFate.Open)];

    /// <summary>A stable word for machines: <c>body-too-large</c>.</summary>
    public static string Word(this CopyFate fate) => AllWords[(int)fate];

    /// <summary>A few words for people.</summary>
    public static string Meaning(this CopyFate fate) => fate switch
    {
        CopyFate.Open => "on its way",
        CopyFate.Copied => "copied: the test target answered",
        CopyFate.NotAsked => "there is no test target",
        CopyFate.Method => "of a method that is not copied",
        CopyFate.Path => "of a path that is not copied",
        CopyFate.Share => "outside of the share",
        CopyFate.Upgrade => "WebSockets and other upgrades",
        CopyFate.Marked => "copies themselves",
        CopyFate.Paused => "copying was paused",
        CopyFate.BodyTooLarge => "body longer than the limit",
        CopyFate.ClientAborted => "the client went away",
        CopyFate.ProductionFailed => "production did not answer",
        CopyFate.BodyUnread => "production did not read the body",
        CopyFate.QueueFull => "too many were waiting",
        CopyFate.NoRoom => "no memory left for what waits",
        CopyFate.BreakerOpen => "the circuit breaker was open",
        CopyFate.ConnectFailed => "no connection to the test target",
        CopyFate.TimedOut => "the test target did not answer in time",
        CopyFate.Broken => "the connection to the test target broke",
        _ => "the mirror ended before their turn",
    };

    private static string Hyphenated(string name) => string.Concat(name.Select((c, i) => char.IsUpper(c) ? $"{(i > 0 ? "-" : "")}{char.ToLowerInvariant(c)}" : $"{c}"));
}
