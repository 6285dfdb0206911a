using System.Runtime.Versioning;

namespace Pressure.Record.Tests;

public sealed class WholeFileTests : IDisposable
{
    private readonly TempFolder _folder = new();

    private string Path => _folder.File("a");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void What_is_written_replaces_what_was_there()
    {
        WholeFile.Write(Path, "long ago");
        WholeFile.Write(Path, "now"u8);
        Assert.Equal("now", File.ReadAllText(Path));
        WholeFile.Write(Path, text => text.Write("piece by piece"));
        Assert.Equal("piece by piece"u8, File.ReadAllBytes(Path));
        Assert.Single(Directory.GetFiles(_folder.Path));
    }

    [Fact]
    public void A_write_that_fails_keeps_the_file_that_was_there()
    {
        WholeFile.Write(Path, "before");
        Assert.Throws<IOException>(() => WholeFile.Write(Path, text =>
        {
            text.Write("half");
            throw new IOException("disk full");
        }));
        Assert.Equal("before", File.ReadAllText(Path));
        Assert.Single(Directory.GetFiles(_folder.Path));
    }

    [Fact]
    public void Two_who_write_at_once_leave_one_of_both_whole()
    {
        var (ones, twos) = (new string('1', 100_000), new string('2', 100_000));
        Parallel.For(0, 40, i => WholeFile.Write(Path, i % 2 == 0 ? ones : twos));
        Assert.Contains(File.ReadAllText(Path), new[] { ones, twos });
        Assert.Single(Directory.GetFiles(_folder.Path));
    }

    [Fact]
    [SupportedOSPlatform("linux")]
    public void A_secret_is_its_owner_s_even_where_the_file_was_open_to_all()
    {
        File.WriteAllText(Path, "open");
        WholeFile.WriteSecret(Path, "secret");
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path));
        Assert.Equal("secret", File.ReadAllText(Path));
    }
}
