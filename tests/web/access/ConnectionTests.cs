using Pressure.Agent;

namespace Pressure.Web.Tests.Access;

public sealed class ConnectionTests : IAsyncLifetime
{
    private RunningAccess _access = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _access = await RunningAccess.StartAsync();

    public ValueTask DisposeAsync() => _access.DisposeAsync();

    [Fact]
    public async Task An_enrolled_agent_is_welcomed_and_shows_as_connected()
    {
        var credential = await _access.EnrolAsync("web1");
        Assert.False(_access.Server.Find("web1")!.Connected);
        await using var agent = await _access.ConnectAsync(credential, d => d with { Labels = new() { ["service"] = "shop" } });
        Assert.Equal("web1", agent.Welcome.Name);
        var presence = Assert.Single(_access.Server.Agents);
        Assert.True(presence.Connected);
        Assert.Equal("shop", presence.Labels["service"]);
        Assert.Equal("1.0.0", presence.Version);
    }

    [Fact]
    public async Task Entries_are_stored_acknowledged_and_followed()
    {
        await using var agent = await _access.ConnectAsync(await _access.EnrolAsync());
        var now = TimeProvider.System.GetUtcNow();
        await agent.SampleAsync(0, now.AddSeconds(-2), now.AddSeconds(-1));
        await agent.AckedAsync(2);
        await using var follow = _access.Server.FollowAsync("web1", now.AddMinutes(-1), Stop).GetAsyncEnumerator(Stop);
        Assert.True(await follow.MoveNextAsync());
        Assert.Equal(now.AddSeconds(-2), follow.Current.Entry.At);
        Assert.True(await follow.MoveNextAsync());
        var third = follow.MoveNextAsync();
        Assert.False(third.IsCompleted);
        await agent.SampleAsync(2, now);
        Assert.True(await third);
        Assert.Equal(now, follow.Current.Entry.At);
    }

    [Fact]
    public async Task A_command_is_answered_by_its_result()
    {
        await using var agent = await _access.ConnectAsync(await _access.EnrolAsync());
        var answer = _access.Server.SendAsync("web1", "echo", null, TimeSpan.FromSeconds(30), Stop);
        var command = await agent.NextAsync<Frame.Command>();
        await agent.SendAsync(new Frame.Result(command.Id + 7, "nobody asked"));
        await agent.SendAsync(new Frame.Result(command.Id, null, command.Body));
        Assert.Null((await answer).Error);
    }
}
