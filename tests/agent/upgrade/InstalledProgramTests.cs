namespace Pressure.Agent.Tests.Upgrades;

public sealed class InstalledProgramTests : IDisposable
{
    private readonly TempFolder _folder = new();

    [Fact]
    public void A_version_is_added_beside_the_old_one_and_becomes_current_when_told()
    {
        var installed = Installed("1.0.0");
        var download = installed.DownloadPath();
        File.WriteAllText(download, "new");

        var added = installed.Add("1.1.0", download);
        Assert.Equal("1.0.0", File.ReadAllText(installed.Current!));

        installed.MakeCurrent("1.1.0");
        Assert.Equal(added, installed.Current);
        Assert.Equal("new", File.ReadAllText(_folder.File("pressure-agent")));
        Assert.True(File.GetUnixFileMode(added).HasFlag(UnixFileMode.UserExecute));
    }

    [Fact]
    public void Only_the_new_version_and_the_one_before_are_kept()
    {
        var installed = Installed("1.0.0");
        foreach (var version in (string[])["0.8.0", "0.9.0", "1.1.0"])
        {
            var download = installed.DownloadPath();
            File.WriteAllText(download, version);
            installed.Add(version, download);
        }

        installed.MakeCurrent("1.1.0");

        Assert.Equal(["1.0.0", "1.1.0"], Directory.GetDirectories(_folder.File("versions")).Select(Path.GetFileName).Order());
    }

    [Theory]
    [InlineData("/usr/share/dotnet/dotnet")]
    [InlineData("/build/net10.0/pressure-agent")]
    [InlineData(null)]
    public void A_program_that_lies_elsewhere_was_not_installed_by_the_script(string? path) => Assert.Null(InstalledProgram.Of(path));

    [Theory]
    [InlineData("1.2.3", true)]
    [InlineData("1.2.3-beta.1+4f2a", true)]
    [InlineData("", false)]
    [InlineData("..", false)]
    [InlineData("../../etc", false)]
    [InlineData("a b", false)]
    public void A_version_is_never_a_way_out_of_the_folder(string text, bool isVersion) => Assert.Equal(isVersion, InstalledProgram.IsVersion(text));

    public void Dispose() => _folder.Dispose();

    private InstalledProgram Installed(string version)
    {
        var path = _folder.File($"versions/{version}/pressure-agent");
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, version);
        File.CreateSymbolicLink(_folder.File("pressure-agent"), $"versions/{version}/pressure-agent");
        return InstalledProgram.Of(path)!;
    }
}
