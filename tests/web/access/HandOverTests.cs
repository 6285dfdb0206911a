using Pressure.Agent;

namespace Pressure.Web.Tests.Access;

public sealed class HandOverTests : IAsyncLifetime
{
    private static readonly DateTimeOffset Noon = TimeProvider.System.GetUtcNow();
    private RunningAccess _access = null!;
    private Credential _credential = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _access = await RunningAccess.StartAsync();
        _credential = await _access.EnrolAsync();
    }

    public ValueTask DisposeAsync() => _access.DisposeAsync();

    [Fact]
    public async Task The_newest_process_wins_unless_it_takes_the_place_of_the_other()
    {
        await using var one = await _access.ConnectAsync(_credential);
        await using var other = await _access.ConnectAsync(_credential);
        Assert.NotNull(other.Welcome);
        Assert.Equal(RefusalCode.Superseded, Assert.IsType<Frame.Refused>(await one.EndAsync()).Code);
        Assert.True(_access.Server.Find("web1")!.Connected);
    }

    [Fact]
    public async Task New_commands_go_to_the_successor_while_the_predecessor_ends_its_own()
    {
        await using var old = await _access.ConnectAsync(_credential);
        var running = CommandAsync("slow");
        var slow = await old.NextAsync<Frame.Command>();
        await using var fresh = await _access.ConnectAsync(_credential, d => d with { Replaces = old.Hello.Instance });
        Assert.NotNull(fresh.Welcome);
        var next = CommandAsync("quick");
        await fresh.SendAsync(new Frame.Result((await fresh.NextAsync<Frame.Command>()).Id, "from the new one"));
        Assert.Equal("from the new one", (await next).Error);
        await old.SendAsync(new Frame.Result(slow.Id, "from the old one"));
        Assert.Equal("from the old one", (await running).Error);
        await old.SendAsync(new Frame.Goodbye("handed over"));
        Assert.Null(await old.EndAsync());
        var presence = _access.Server.Find("web1")!;
        Assert.True(presence.Connected);
        Assert.Null(presence.Left);
    }

    [Fact]
    public async Task When_the_successor_dies_commands_go_to_the_predecessor_again()
    {
        await using var old = await _access.ConnectAsync(_credential);
        await using (var fresh = await _access.ConnectAsync(_credential, d => d with { Replaces = old.Hello.Instance }))
        {
            Assert.NotNull(fresh.Welcome);
            var lost = CommandAsync("lost");
            await fresh.NextAsync<Frame.Command>();
            fresh.Cut();
            Assert.NotNull((await lost).Error);
        }
        var answer = CommandAsync("again");
        await old.SendAsync(new Frame.Result((await old.NextAsync<Frame.Command>()).Id));
        Assert.Null((await answer).Error);
    }

    [Fact]
    public async Task A_predecessor_that_comes_back_after_a_cut_does_not_push_its_successor_out()
    {
        await using var old = await _access.ConnectAsync(_credential);
        await using var fresh = await _access.ConnectAsync(_credential, d => d with { Replaces = old.Hello.Instance });
        Assert.NotNull(fresh.Welcome);
        old.Cut();
        await using var back = await _access.ConnectAsync(_credential, d => d with { Instance = old.Hello.Instance });
        Assert.NotNull(back.Welcome);
        var answer = CommandAsync("who");
        await fresh.SendAsync(new Frame.Result((await fresh.NextAsync<Frame.Command>()).Id, "the new one"));
        Assert.Equal("the new one", (await answer).Error);
    }

    [Fact]
    public async Task Entries_of_both_are_stored_once()
    {
        var ring = Guid.NewGuid();
        await using var old = await _access.ConnectAsync(_credential, d => d with { Ring = ring });
        await using var fresh = await _access.ConnectAsync(_credential, d => d with { Ring = ring, Replaces = old.Hello.Instance });
        await old.SampleAsync(0, Noon, Noon.AddSeconds(1));
        await old.AckedAsync(2);
        await fresh.SampleAsync(1, Noon.AddSeconds(1), Noon.AddSeconds(2));
        await fresh.AckedAsync(3);
        await old.SampleAsync(2, Noon.AddSeconds(2), Noon.AddSeconds(3));
        await old.AckedAsync(4);
        var stored = await _access.Server.FollowAsync("web1", Noon.AddHours(-1), Stop).Take(4).Select(e => e.Entry.At).ToArrayAsync(Stop);
        Assert.Equal([Noon, Noon.AddSeconds(1), Noon.AddSeconds(2), Noon.AddSeconds(3)], stored);
    }

    private Task<Frame.Result> CommandAsync(string name) => _access.Server.SendAsync("web1", name, null, TimeSpan.FromMinutes(1), Stop);
}
