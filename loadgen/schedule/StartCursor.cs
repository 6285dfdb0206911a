namespace Pressure.LoadGen;

/// <summary>
/// Reads a schedule's intended starts for one lane. Gives what <see cref="Schedule.IntendedStart"/> gives, but remembers where it was, so
/// that rising numbers (n, n + lanes, n + 2 lanes, ...) are cheap for Poisson arrivals too. Not for several threads.
/// </summary>
public abstract class StartCursor
{
    /// <summary>The intended start of number <paramref name="n"/>. Allocates nothing.</summary>
    public abstract TimeSpan IntendedStart(long n);

    internal sealed class Direct(Schedule schedule) : StartCursor
    {
        public override TimeSpan IntendedStart(long n) => schedule.IntendedStart(n);
    }
}
