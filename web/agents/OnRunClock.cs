using Pressure.Record;
using Pressure.Web.Access;

namespace Pressure.Web.Agents;

/// <summary>One agent's entries, in its own order, on a run's clock.</summary>
/// <param name="host">The host's name.</param>
/// <param name="startedAt">Offset zero, on the centre's clock.</param>
internal sealed class OnRunClock(string host, DateTimeOffset startedAt)
{
    // A new estimate of a clock that was set may put a sample before the one that it followed.
    private static readonly TimeSpan Least = TimeSpan.FromMilliseconds(1);

    /// <summary>The last sample so far; null before the first.</summary>
    public HostSample? Last { get; private set; }

    /// <summary>Goes on behind what a record has already.</summary>
    public void Resume(HostSample last) => Last = last;

    /// <summary>The entry's sample; null if it has none, or was over before the run.</summary>
    /// <param name="stored">The entry.</param>
    /// <param name="latest">Nothing can have happened after this: a later time comes from a clock that has just been set.</param>
    public HostSample? Sample(StoredEntry stored, TimeSpan latest)
    {
        var at = stored.At - startedAt;
        if (stored.Entry.Host is not { } sample || at < TimeSpan.Zero && Last is null)
            return null;
        if (Last is { } last)
        {
            if (at > latest)
                at = last.At + sample.Over;
            if (at <= last.At)
                at = last.At + Least;
        }
        else if (at > latest)
        {
            at = latest;
        }
        return Last = sample with { Host = host, At = at, Clock = stored.Clock };
    }

    /// <summary>The entry's collection; null if it has none, or was before the run.</summary>
    public GcEvent? Collection(StoredEntry stored, TimeSpan latest)
    {
        var at = stored.At - startedAt;
        if (at > latest)
            at = Last?.At ?? latest;
        return stored.Entry.Gc is { } collection && at >= TimeSpan.Zero ? collection with { Host = host, At = at } : null;
    }
}
