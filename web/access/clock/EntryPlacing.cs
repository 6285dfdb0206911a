using Pressure.Record;

namespace Pressure.Web.Access;

/// <summary>
/// Which estimate an entry's time is computed with. After the host's clock was set, entries from before still have times of the old setting: with the new
/// estimate they would lie in the future, or before what came before them.
/// </summary>
/// <param name="Now">The clock's estimate as it is.</param>
/// <param name="Before">As it was before the clock was last set; null if it has not been.</param>
internal readonly record struct EntryPlacing(ClockEstimate Now, ClockEstimate? Before)
{
    /// <summary>Collections are told a little after samples that end later than they begin.</summary>
    private static readonly TimeSpan Slack = TimeSpan.FromSeconds(5);

    /// <summary>The estimate for an entry of this time that came now and follows one of <paramref name="last"/> (both on the centre's clock).</summary>
    public ClockEstimate For(DateTimeOffset at, DateTimeOffset? last, DateTimeOffset now) =>
        Before is not { } before || Fits(Now, at, last, now) || !Fits(before, at, last, now) ? Now : before;

    private static bool Fits(ClockEstimate estimate, DateTimeOffset at, DateTimeOffset? last, DateTimeOffset now)
    {
        var slack = Slack + estimate.Uncertainty;
        var placed = at + estimate.Offset;
        return placed <= now + slack && (last is null || placed >= last - slack);
    }
}
