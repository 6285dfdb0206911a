using Pressure.Agent.Program;

namespace Pressure.Agent.Tests.Program;

public class AgentArgumentsTests
{
    private static readonly string Token = $"pressure1.c2VjcmV0.{new string('A', 43)}";

    [Fact]
    public void An_enrolment_takes_names_and_labels_and_has_defaults()
    {
        var asked = Assert.IsType<AgentArguments.Enrol>(Read("enrol", "--server=https://centre:5443", "--token", Token, "--label", "service=orders", "--label", "env=a=b"));

        Assert.Equal(("web-3", "/var/lib/pressure-agent"), (asked.Name, asked.Data));
        Assert.Equal(new Dictionary<string, string> { ["service"] = "orders", ["env"] = "a=b" }, asked.Labels);
    }

    [Fact]
    public void Everything_that_is_wrong_is_told_at_once()
    {
        var wrong = Assert.IsType<AgentArguments.Wrong>(Read("enrol", "--server", "http://centre", "--token", "pressure1.x", "--name", "a b", "--label", "x", "--force"));

        Assert.Equal(5, wrong.Problems.Count);
        Assert.DoesNotContain(wrong.Problems, p => p.Contains("pressure1.x", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("https://centre/path")]
    [InlineData("https://user@centre")]
    [InlineData("centre:5443")]
    public void A_server_is_an_https_address_and_nothing_else(string server) =>
        Assert.Contains("no address of a service", Assert.Single(Assert.IsType<AgentArguments.Wrong>(Read("enrol", "--server", server, "--token", Token)).Problems), StringComparison.Ordinal);

    [Theory]
    [InlineData("stop")]
    [InlineData("run --data")]
    [InlineData("run --data a --data b")]
    [InlineData("run here")]
    [InlineData("enrol")]
    public void What_can_not_be_is_told(string line) => Assert.IsType<AgentArguments.Wrong>(Read(line.Split(' ')));

    [Fact]
    public void Help_is_given_wherever_it_is_asked_for()
    {
        Assert.IsType<AgentArguments.Help>(Read());
        Assert.IsType<AgentArguments.Help>(Read("enrol", "--help"));
        Assert.IsType<AgentArguments.Run>(Read("run", "--data", "here"));
    }

    private static AgentArguments Read(params string[] args) => AgentArguments.Read(args, "web-3");
}
