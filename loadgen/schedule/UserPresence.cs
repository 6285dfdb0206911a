namespace Pressure.LoadGen;

/// <summary>When each user of a closed load is there.</summary>
internal abstract class UserPresence
{
    /// <summary>Most users at once.</summary>
    public abstract int Peak { get; }

    /// <summary>The earliest time, not before <paramref name="from"/>, at which the user is there; null when there is none. Allocates nothing.</summary>
    public abstract TimeSpan? NextPresence(int user, TimeSpan from);
}
