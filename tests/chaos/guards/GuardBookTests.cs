using static Pressure.Chaos.Tests.Guards.BookFixture;

namespace Pressure.Chaos.Tests.Guards;

public sealed class GuardBookTests : GuardBookSuite
{
    [Fact]
    public async Task Nothing_to_strike_is_refused_and_so_is_everything_when_the_book_can_not_be_read()
    {
        using var fixture = new BookFixture();
        Assert.Equal(["blast radius"], await fixture.RefusalsAsync(Strike() with { Targets = [] }));
        fixture.Book.Dispose();
        File.WriteAllText(Path.Combine(fixture.Folder, "guards.db"), "no database at all, but long enough to look at".PadRight(8192));
        File.Delete(Path.Combine(fixture.Folder, "guards.db-wal"));
        var e = Assert.Throws<GuardBookException>(() => fixture.Restart());
        Assert.Contains("Nothing is struck without it", e.Message);
    }
}
