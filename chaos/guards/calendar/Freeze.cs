namespace Pressure.Chaos;

/// <summary>A time in which nothing is struck. A closed set.</summary>
public abstract record Freeze
{
    private Freeze(string name, TimeZoneInfo zone) => (Name, Zone) = (name, zone);

    /// <summary>What it is: <c>Double Eleven</c>.</summary>
    public string Name { get; }

    /// <summary>Whose clocks.</summary>
    public TimeZoneInfo Zone { get; }

    /// <summary>Whether a moment is inside.</summary>
    public abstract bool Contains(DateTimeOffset moment);

    /// <summary>Once, from a moment up to another.</summary>
    /// <param name="Name">What it is.</param>
    /// <param name="Zone">Whose clocks.</param>
    /// <param name="From">When it begins, by those clocks.</param>
    /// <param name="To">When it ends. Where clocks read a time twice, it begins at the first and ends at the last of them.</param>
    public sealed record Once(string Name, TimeZoneInfo Zone, DateTime From, DateTime To) : Freeze(Name, Zone)
    {
        /// <summary>When it begins.</summary>
        public DateTimeOffset Begin => Zone.At(From);

        /// <summary>When it ends.</summary>
        public DateTimeOffset End => Zone.At(To, last: true);

        /// <inheritdoc/>
        public override bool Contains(DateTimeOffset moment) => moment >= Begin && moment < End;
    }

    /// <summary>Week after week.</summary>
    /// <param name="Name">What it is.</param>
    /// <param name="Zone">Whose clocks.</param>
    /// <param name="Window">When.</param>
    public sealed record Weekly(string Name, TimeZoneInfo Zone, WeeklyWindow Window) : Freeze(Name, Zone)
    {
        /// <inheritdoc/>
        public override bool Contains(DateTimeOffset moment) => Window.Contains(TimeZoneInfo.ConvertTime(moment, Zone).DateTime, []);
    }
}
