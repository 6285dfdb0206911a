namespace Pressure.Chaos.Tests.Guards;

public sealed class FullDiskTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_book_on_a_full_disk_says_so_and_goes_on_once_there_is_space()
    {
        Assert.SkipUnless(SmallDisk.Possible, "Mounting needs root.");
        using var disk = new SmallDisk();
        disk.Fill();
        Assert.Contains("full", Assert.Throws<GuardBookException>(Open).Message);

        disk.Free();
        using var book = Open();
        disk.Fill();
        var refused = Assert.IsType<GuardAnswer.Refused>(await book.AskAsync(BookFixture.Strike(), Stop));
        Assert.Contains("full", Assert.Single(refused.Reasons).Remedy);

        disk.Free();
        Assert.IsType<GuardAnswer.Permit>(await book.AskAsync(BookFixture.Strike(), Stop));

        GuardBook Open() => GuardBook.Open(disk.Path, TimeProvider.System, new RememberedAudit());
    }
}
