namespace Pressure.Cluster;

/// <summary>Why a captured request is not replayed.</summary>
internal enum SkipReason
{
    /// <summary>It is replayed.</summary>
    None,

    /// <summary>Raw TCP, which was not asked for.</summary>
    Tcp,

    /// <summary>A turn of raw TCP behind one that could not be replayed: out of its context it would mean something else.</summary>
    AfterGap,

    /// <summary>Its framing can be read in two ways.</summary>
    Smuggling,

    /// <summary>Its connection changed to another protocol with it.</summary>
    Upgrade,

    /// <summary>A part of it was not captured.</summary>
    Incomplete,

    /// <summary>Its body was cut when it was captured.</summary>
    Cut,

    /// <summary>It is not what a request looks like.</summary>
    Undecodable,

    /// <summary>A method that is not replayed unless it is named.</summary>
    Method,

    /// <summary>A host or path that was not asked for.</summary>
    Filtered,

    /// <summary>Its connection is not in the share that was asked for.</summary>
    Share,
}

/// <summary>The words for reasons in records.</summary>
internal static class SkipReasons
{
    private static readonly string[] Words =
        [.. Enum.GetValues<SkipReason>().Select(r => r == SkipReason.AfterGap ? "after-gap" : r.ToString().ToLowerInvariant())];

    /// <summary>How many there are, <see cref="SkipReason.None"/> included.</summary>
    public static int Count => Words.Length;

    /// <summary>A stable word.</summary>
    public static string Word(this SkipReason reason) => Words[(int)reason];
}
