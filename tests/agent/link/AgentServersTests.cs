namespace Pressure.Agent.Tests;

public sealed class AgentServersTests : IDisposable
{
    private static readonly Uri Enrolled = new("https://centre:5443/");

    private readonly TempFolder _data = new();

    public void Dispose() => _data.Dispose();

    [Fact]
    public void They_are_tried_in_turn_and_the_enrolment_s_is_always_one()
    {
        var servers = new AgentServers(Enrolled);
        Assert.Equal(1, servers.Count);
        servers.Learn(["https://10.0.0.8:5443", "https://centre:5443"]);
        Assert.Equal([Enrolled, new("https://10.0.0.8:5443"), Enrolled], Three(servers));
    }

    [Fact]
    public void What_was_told_is_known_after_a_start_and_nobody_else_may_read_it()
    {
        new AgentServers(Enrolled, _data.Path).Learn(["https://10.0.0.8:5443"]);
        Assert.Equal(2, new AgentServers(Enrolled, _data.Path).Count);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(_data.File("servers.json")));
    }

    [Theory]
    [InlineData("http://10.0.0.8:5443")]
    [InlineData("https://me:secret@10.0.0.8:5443")]
    [InlineData("https://10.0.0.8:5443/elsewhere")]
    [InlineData("10.0.0.8")]
    [InlineData("")]
    public void What_is_no_address_of_a_service_is_left_out(string told)
    {
        var servers = new AgentServers(Enrolled, _data.Path);
        servers.Learn([told]);
        Assert.Equal(1, servers.Count);
    }

    [Fact]
    public void The_one_that_answers_stays_though_it_is_told_no_more()
    {
        var servers = new AgentServers(Enrolled);
        servers.Learn(["https://10.0.0.8:5443"]);
        servers.MoveOn();
        servers.Learn(["https://10.0.0.9:5443"]);
        Assert.Equal(new("https://10.0.0.8:5443"), servers.Current);
        Assert.Equal(3, servers.Count);
    }

    [Fact]
    public void However_many_are_told_few_are_kept()
    {
        var servers = new AgentServers(Enrolled);
        servers.Learn([.. Enumerable.Range(0, 10_000).Select(i => $"https://h{i}:5443")]);
        Assert.InRange(servers.Count, 2, 20);
    }

    [Fact]
    public void A_file_that_makes_no_sense_is_as_good_as_none()
    {
        File.WriteAllText(_data.File("servers.json"), "{ \"not\": ");
        Assert.Equal(Enrolled, new AgentServers(Enrolled, _data.Path).Current);
    }

    private static Uri[] Three(AgentServers servers)
    {
        var three = new Uri[3];
        for (var i = 0; i < 3; i++)
        {
            three[i] = servers.Current;
            servers.MoveOn();
        }
        return three;
    }
}
