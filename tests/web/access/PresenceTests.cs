using Pressure.Agent;
using Pressure.TestKit;

namespace Pressure.Web.Tests.Access;

public sealed class PresenceTests : IAsyncLifetime
{
    private readonly FakeTime _time = new();
    private RunningAccess _access = null!;
    private Credential _credential = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _access = await RunningAccess.StartAsync(time: _time);
        _credential = await _access.EnrolAsync();
    }

    public ValueTask DisposeAsync() => _access.DisposeAsync();

    [Fact]
    public async Task Two_missing_heartbeats_make_an_agent_silent_and_a_third_ends_its_connection()
    {
        await using var agent = await ConnectAsync();
        _time.Advance(TimeSpan.FromSeconds(20));
        Assert.True(_access.Server.Find("web1")!.Connected);
        _time.Advance(TimeSpan.FromSeconds(0.5));
        var presence = _access.Server.Find("web1")!;
        Assert.False(presence.Connected);
        Assert.Null(presence.Left);
        Assert.Equal(TimeSpan.FromSeconds(20.5), _time.GetUtcNow() - presence.LastHeard);
        _time.Advance(TimeSpan.FromSeconds(11));
        Assert.IsType<Frame.Refused>(await agent.EndAsync());
    }

    [Fact]
    public async Task A_heartbeat_keeps_it_connected()
    {
        await using var agent = await ConnectAsync();
        for (var i = 0; i < 5; i++)
        {
            _time.Advance(TimeSpan.FromSeconds(10));
            await agent.SendAsync(new Frame.Heartbeat());
            await UntilAsync(() => _access.Server.Find("web1")!.LastHeard == _time.GetUtcNow());
        }
        Assert.True(_access.Server.Find("web1")!.Connected);
    }

    [Fact]
    public async Task A_goodbye_is_no_alarm()
    {
        await using var agent = await ConnectAsync();
        await agent.SendAsync(new Frame.Goodbye("the host goes down"));
        await agent.EndAsync();
        await UntilAsync(() => !_access.Server.Find("web1")!.Connected);
        Assert.Equal("the host goes down", _access.Server.Find("web1")!.Left);
        await using var back = await ConnectAsync();
        Assert.Null(_access.Server.Find("web1")!.Left);
    }

    [Fact]
    public async Task A_connection_that_breaks_is_noticed_at_once()
    {
        await using var agent = await ConnectAsync();
        agent.Cut();
        await UntilAsync(() => !_access.Server.Find("web1")!.Connected);
        Assert.Null(_access.Server.Find("web1")!.Left);
    }

    [Fact]
    public async Task New_settings_reach_the_agent_at_once_and_hold_for_the_next_connection()
    {
        await using var agent = await ConnectAsync();
        var settings = new AgentSettings(TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(3), ["nginx"]);
        Assert.True(_access.Server.Set(_credential.Agent, settings));
        Assert.Equal(settings.Every, (await agent.NextAsync<Frame.Settings>()).Sampling.Every);
        await using var again = await ConnectAsync();
        Assert.Equal(settings.Heartbeat, again.Welcome.Sampling.Heartbeat);
        Assert.Throws<ArgumentException>(() => _access.Server.Set(_credential.Agent, settings with { Every = TimeSpan.Zero }));
    }

    [Fact]
    public async Task When_an_agent_was_last_heard_of_is_known_after_a_start()
    {
        using var temp = new TempFolder();
        await using (var before = await RunningAccess.StartInAsync(temp.Path, _time))
        {
            await using var agent = await before.ConnectAsync(await before.EnrolAsync());
            await agent.SendAsync(new Frame.Goodbye("bye"));
            await agent.EndAsync();
            await UntilAsync(() => before.Server.Find("web1")!.Left is not null);
        }
        var heard = _time.GetUtcNow();
        _time.Advance(TimeSpan.FromHours(1));
        await using var after = await RunningAccess.StartInAsync(temp.Path, _time);
        Assert.Equal((heard, "bye"), (after.Server.Find("web1")!.LastHeard!.Value, after.Server.Find("web1")!.Left));
    }

    [Fact]
    public async Task The_end_of_the_service_is_said_to_the_agents()
    {
        using var temp = new TempFolder();
        RawAgent agent;
        await using (var ending = await RunningAccess.StartInAsync(temp.Path))
            agent = await ending.ConnectAsync(await ending.EnrolAsync());
        await using (agent)
            Assert.IsType<Frame.Goodbye>(await agent.EndAsync());
    }

    private async Task<RawAgent> ConnectAsync()
    {
        var agent = await _access.ConnectAsync(_credential);
        Assert.NotNull(agent.Welcome);
        return agent;
    }

    private static async Task UntilAsync(Func<bool> condition)
    {
        while (!condition())
            await Task.Delay(10, Stop);
    }
}
