using System.Data.Common;
using Dapper;

namespace Pressure.Chaos;

/// <summary>
/// The time of a book that several machines share. Each machine moves it on by what its own clock that does not jump says since it was there last; a machine
/// that is there for the first time since its boot moves it by the database's wall clock, the only one that all of them see. It never goes back, and of
/// machines that disagree the one that says less does not hold it.
/// </summary>
/// <param name="time">The clocks.</param>
/// <param name="boot">Tells one boot of one machine from another; empty where the system gives it no name.</param>
/// <param name="wall">The wall clock that all machines see; null for the database's.</param>
internal sealed class SharedBookClock(TimeProvider time, string boot, Func<DateTimeOffset>? wall = null)
{
    public BookMoment Now(DbConnection book)
    {
        var (common, monotonic) = (wall?.Invoke() ?? new DateTimeOffset(book.ExecuteScalar<DateTime>("SELECT clock_timestamp()")), time.GetElapsedTime(0).Ticks);
        var last = book.QuerySingleOrDefault<Last>("SELECT book, wall FROM book_clock");
        var own = boot.Length == 0 ? null : book.QuerySingleOrDefault<Own>("SELECT book, monotonic FROM book_clock_boot WHERE boot = @boot", new { boot });
        var now = last is null ? common.UtcTicks
            : own is not null ? Math.Max(last.Book, own.Book + Math.Max(0, monotonic - own.Monotonic))
            : last.Book + Math.Max(0, common.UtcTicks - last.Wall);
        book.Execute("INSERT INTO book_clock (id, book, wall) VALUES (1, @now, @wall) ON CONFLICT (id) DO UPDATE SET book = @now, wall = @wall", new { now, wall = common.UtcTicks });
        if (boot.Length > 0)
            book.Execute("INSERT INTO book_clock_boot (boot, book, monotonic) VALUES (@boot, @now, @monotonic) ON CONFLICT (boot) DO UPDATE SET book = @now, monotonic = @monotonic", new { boot, now, monotonic });
        return new(TimeSpan.FromTicks(now), time.GetUtcNow());
    }

    private sealed record Last(long Book, long Wall);

    private sealed record Own(long Book, long Monotonic);
}
