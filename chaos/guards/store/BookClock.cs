using System.Data.Common;
using Dapper;

namespace Pressure.Chaos;

/// <summary>
/// The book's own time. Within one boot it goes on with the clock that does not jump, from one boot to the next by as much as the wall
/// clock says, and never back: whoever sets the clock, forward or back, gets no budget back by it.
/// </summary>
/// <param name="time">The clocks.</param>
/// <param name="boot">Tells one boot from another.</param>
internal sealed class BookClock(TimeProvider time, string boot)
{
    private const string BootFile = "/proc/sys/kernel/random/boot_id";

    /// <summary>This boot's name; empty where the system gives it none, then the wall clock alone is believed, forward only.</summary>
    public static string CurrentBoot()
    {
        try
        {
            return File.Exists(BootFile) ? File.ReadAllText(BootFile).Trim() : "";
        }
        catch (IOException)
        {
            return "";
        }
    }

    /// <summary>Moves the book's time on and tells it, within a transaction.</summary>
    public BookMoment Now(DbConnection book)
    {
        var wall = time.GetUtcNow();
        var monotonic = time.GetElapsedTime(0);
        var last = book.QuerySingleOrDefault<Row>("SELECT book, wall, monotonic, boot FROM clock");
        var passed = last is null ? wall.UtcTicks
            : boot.Length > 0 && last.Boot == boot ? monotonic.Ticks - last.Monotonic
            : wall.UtcTicks - last.Wall;
        var now = (last?.Book ?? 0) + Math.Max(0, passed);
        book.Execute(
            "INSERT INTO clock (id, book, wall, monotonic, boot) VALUES (1, @now, @wall, @monotonic, @boot) ON CONFLICT (id) DO UPDATE SET book = @now, wall = @wall, monotonic = @monotonic, boot = @boot",
            new { now, wall = wall.UtcTicks, monotonic = monotonic.Ticks, boot });
        return new(TimeSpan.FromTicks(now), wall);
    }

    private sealed record Row(long Book, long Wall, long Monotonic, string Boot);
}

/// <summary>A moment: the book's time for reckoning, the wall clock's for people and calendars.</summary>
internal readonly record struct BookMoment(TimeSpan Book, DateTimeOffset Wall)
{
    /// <summary>What the wall clock will read at a time of the book.</summary>
    public DateTimeOffset WallAt(TimeSpan book) => Wall + (book - Book);
}
