using Pressure.Record;
using Pressure.TestKit;
using Pressure.Web.Agents;

namespace Pressure.Web.Tests.Agents;

public class AgentLevelsTests
{
    private readonly FakeTime _time = new();

    [Theory]
    [InlineData("host_cpu", 0.5)]
    [InlineData("host_memory", 0.25)]
    [InlineData("host_load_per_core", 1.5)]
    public void A_level_is_that_of_the_last_sample(string metric, double expected) =>
        Assert.Equal(expected, Levels(connected: true).Value("DB1", metric)!.Value, 6);

    [Fact]
    public void Nothing_is_known_of_an_agent_that_is_away_or_was_heard_long_ago_or_of_a_figure_that_there_is_not()
    {
        var levels = Levels(connected: true);

        Assert.Null(Levels(connected: false).Value("db1", "host_cpu"));
        Assert.Null(levels.Value("db2", "host_cpu"));
        Assert.Null(levels.Value("db1", "container_cpu"));
        _time.Advance(TimeSpan.FromSeconds(11));
        Assert.Null(levels.Value("db1", "host_cpu"));
    }

    private AgentLevels Levels(bool connected) => new(Agents(connected), _time);

    private FakeAgents Agents(bool connected)
    {
        var agents = new FakeAgents(_time);
        agents.Enrol("db1", connected);
        agents.Set("db1", a => a with { LastSample = Sample() });
        return agents;
    }

    private static HostSample Sample() => new() { At = TimeSpan.Zero, Host = "db1", Cores = 2, Cpu = new(0.4, 0.1, 0, 0), Load = new(3, 2, 1), MemoryUsed = 1, MemoryTotal = 4, Network = default, Disk = default, Sockets = 0 };
}
