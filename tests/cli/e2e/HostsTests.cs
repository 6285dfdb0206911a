namespace Pressure.Cli.Tests.EndToEnd;

/// <summary>Plans that name agents, on the command line.</summary>
public sealed class HostsTests
{
    private const string Plan = """
        name: hosts
        target: http://127.0.0.1:1
        load: { rate: 1/s, duration: 1s }
        scenarios: [ { steps: [ { get: / } ] } ]
        hosts: [ local, db1 ]
        """;

    [Fact]
    public async Task Without_a_service_a_plan_that_names_agents_is_refused_with_the_remedy()
    {
        using var program = new PressureProgram();
        var ended = await program.Press(Plan, "--quiet", "--service", "http://127.0.0.1:1").EndAsync();
        Assert.Equal(2, ended.ExitCode);
        Assert.Contains("The plan's hosts name agents. The service at http://127.0.0.1:1 does not tell its agents", ended.Error, StringComparison.Ordinal);
        Assert.Contains("--service URL", ended.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(program.RunFolder));
    }

    [Theory]
    [InlineData("ftp://h")]
    [InlineData("nonsense")]
    public async Task A_service_s_address_that_is_none_is_refused(string url)
    {
        using var program = new PressureProgram();
        var ended = await program.Press(Plan, "--quiet", "--service", url).EndAsync();
        Assert.Equal(2, ended.ExitCode);
        Assert.Contains($"'{url}' is no address of a service", ended.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_host_that_the_service_does_not_know_is_told_at_its_line()
    {
        using var service = new PressureProgram();
        using var program = new PressureProgram();
        service.Launch("serve", "--url", "http://127.0.0.1:0");
        var url = (await service.LineAsync("Pressure listens on ")).Split(' ')[3];
        var ended = await program.Press(Plan, "--quiet", "--service", url).EndAsync();
        Assert.Equal(2, ended.ExitCode);
        Assert.Contains("plan.yaml:5:17: hosts[1]: no agent is called 'db1'. There is none: install an agent on the host", ended.Error, StringComparison.Ordinal);
        service.Signal("TERM");
        await service.EndAsync();
    }

    [Fact]
    public async Task A_plan_with_hosts_none_samples_nothing_and_needs_no_service()
    {
        using var program = new PressureProgram();
        await program.Press(Plan.Replace("[ local, db1 ]", "[]", StringComparison.Ordinal), "--quiet", "--no-report").EndAsync();
        Assert.Empty(Record.RunFolder.Read(program.RunFolder).Hosts);
    }
}
