namespace Pressure.LoadGen;

/// <summary>How far an engine has made its share.</summary>
/// <param name="Until">
/// Every start of the share that was intended before this was asked for and is in the accounts, as sent or as not sent; none from this on. The load's end, the
/// moment of a stop, or the end of the lease.
/// </param>
/// <param name="LeaseRanOut">Whether the lease ended it.</param>
public readonly record struct LoadEnding(TimeSpan Until, bool LeaseRanOut)
{
    /// <summary>Of two lanes: both may have started something until the later one's end.</summary>
    internal static LoadEnding Of(LoadEnding one, LoadEnding other) => new(one.Until > other.Until ? one.Until : other.Until, one.LeaseRanOut || other.LeaseRanOut);
}
