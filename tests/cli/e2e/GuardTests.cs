namespace Pressure.Cli.Tests.EndToEnd;

public class GuardTests
{
    [Theory(Timeout = 60_000)]
    [InlineData("http://shop.invalid", "/", "shop.invalid")]
    [InlineData("http://192.0.2.1:8080", "/", "192.0.2.1")]
    [InlineData("http://127.0.0.1:9", "http://shop.invalid/x", "shop.invalid")]
    [InlineData("http://127.0.0.1.shop.invalid", "/", "127.0.0.1.shop.invalid")]
    public async Task A_host_that_is_not_this_machine_is_refused_with_the_way_to_allow_it(string target, string path, string host)
    {
        using var program = new PressureProgram().Press(
            $"name: far\ntarget: \"{target}\"\nload: {{ rate: 1/s, duration: 1s }}\nscenarios: [ {{ name: a, steps: [ {{ get: \"{path}\" }} ] }} ]\n",
            "--quiet", "--no-report", "--allow", "other.invalid");

        var ended = await program.EndAsync();

        Assert.Equal(3, ended.ExitCode);
        Assert.Contains($"--allow {host}", ended.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(program.RunFolder));
    }
}
