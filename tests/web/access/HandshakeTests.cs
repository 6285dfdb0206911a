using Pressure.Agent;
using Pressure.TestKit;
using Pressure.Web.Access;

namespace Pressure.Web.Tests.Access;

public sealed class HandshakeTests : IAsyncLifetime
{
    private RunningAccess _access = null!;
    private Credential _credential = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _access = await RunningAccess.StartAsync(new AccessLimits { FrameBurst = 50, FramesPerSecond = 1 });
        _credential = await _access.EnrolAsync();
    }

    public ValueTask DisposeAsync() => _access.DisposeAsync();

    [Fact]
    public async Task A_hello_that_was_heard_on_another_connection_is_worth_nothing()
    {
        await using var agent = await _access.ConnectAsync(_credential);
        var overheard = agent.Welcome is not null ? agent.Hello : null!;
        await using var thief = await _access.OpenAsync();
        await thief.NextAsync<Frame.Challenge>();
        await thief.SendAsync(overheard);
        Assert.Equal(RefusalCode.Unknown, (await thief.NextAsync<Frame.Refused>()).Code);
        Assert.True(_access.Server.Find("web1")!.Connected);
    }

    [Fact]
    public async Task Another_key_than_the_enrolled_one_is_refused()
    {
        var other = await _access.EnrolAsync("web2");
        await using var agent = await _access.ConnectAsync(_credential with { Key = other.Key });
        Assert.Equal(RefusalCode.Unknown, Assert.IsType<Frame.Refused>(agent.Answer).Code);
        Assert.Null(await agent.NextAsync());
    }

    [Theory]
    [InlineData("no-such-agent")]
    [InlineData("../../etc")]
    [InlineData("")]
    public async Task An_unknown_agent_is_refused(string id)
    {
        await using var agent = await _access.ConnectAsync(_credential, d => d with { Agent = id });
        Assert.Equal(RefusalCode.Unknown, Assert.IsType<Frame.Refused>(agent.Answer).Code);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(63)]
    [InlineData(65)]
    [InlineData(100_000)]
    public async Task A_signature_of_any_length_is_only_a_wrong_one(int length)
    {
        await using var agent = await _access.ConnectAsync(_credential, d => d with { Signature = new byte[length] });
        Assert.Equal(RefusalCode.Unknown, Assert.IsType<Frame.Refused>(agent.Answer).Code);
    }

    [Fact]
    public async Task An_older_protocol_is_refused_and_a_newer_one_agrees_on_ours()
    {
        await using var old = await _access.ConnectAsync(_credential, d => d with { Protocol = 0 });
        Assert.Equal(RefusalCode.Protocol, Assert.IsType<Frame.Refused>(old.Answer).Code);
        await using var newer = await _access.ConnectAsync(_credential, d => d with { Protocol = 7 });
        Assert.Equal(FrameCodec.Version, newer.Welcome.Protocol);
    }

    [Fact]
    public async Task A_revoked_agent_is_put_out_at_once_and_not_let_in_again()
    {
        await using var agent = await _access.ConnectAsync(_credential);
        Assert.True(_access.Server.Revoke(_credential.Agent));
        Assert.Equal(RefusalCode.Unknown, Assert.IsType<Frame.Refused>(await agent.EndAsync()).Code);
        await using var again = await _access.ConnectAsync(_credential);
        Assert.Equal(RefusalCode.Unknown, Assert.IsType<Frame.Refused>(again.Answer).Code);
        Assert.Empty(_access.Server.Agents);
        Assert.Equal("web1", (await _access.EnrolAsync("web1")).Name);
    }

    [Theory]
    [InlineData("{\"frame\":\"heartbeat\"}")]
    [InlineData("{\"frame\":\"hello\"}")]
    [InlineData("{\"frame\":\"welcome\"}")]
    [InlineData("{\"frame\":1}")]
    [InlineData("{}")]
    [InlineData("null")]
    [InlineData("not json")]
    [InlineData("\0")]
    public async Task Something_else_than_a_hello_is_malformed(string message)
    {
        await using var agent = await _access.OpenAsync();
        await agent.NextAsync<Frame.Challenge>();
        await agent.SendAsync(System.Text.Encoding.UTF8.GetBytes(message));
        Assert.Equal(RefusalCode.Malformed, Assert.IsType<Frame.Refused>(await agent.EndAsync()).Code);
    }

    [Fact]
    public async Task A_frame_that_is_too_long_ends_the_connection()
    {
        await using var agent = await _access.ConnectAsync(_credential);
        await agent.SendAsync(new byte[FrameCodec.MaxBytes + 1]);
        Assert.Equal(RefusalCode.Malformed, Assert.IsType<Frame.Refused>(await agent.EndAsync()).Code);
        await GoneAsync();
    }

    [Fact]
    public async Task A_frame_of_the_service_in_the_mouth_of_an_agent_ends_the_connection()
    {
        await using var agent = await _access.ConnectAsync(_credential);
        await agent.SendAsync(new Frame.Ack(1));
        Assert.Equal(RefusalCode.Malformed, Assert.IsType<Frame.Refused>(await agent.EndAsync()).Code);
    }

    [Fact]
    public async Task A_flood_of_frames_ends_the_connection()
    {
        await using var agent = await _access.ConnectAsync(_credential);
        for (var i = 0; i < 200; i++)
        {
            try
            {
                await agent.SendAsync(new Frame.Heartbeat());
            }
            catch (System.Net.WebSockets.WebSocketException)
            {
                break; // It was put out already.
            }
        }
        Assert.Equal(RefusalCode.Flood, Assert.IsType<Frame.Refused>(await agent.EndAsync()).Code);
    }

    [Fact]
    public async Task Who_says_nothing_is_not_waited_for()
    {
        var (limits, time) = (new AccessLimits(), new FakeTime());
        await using var hasty = await RunningAccess.StartAsync(limits, time);
        await using var agent = await hasty.OpenAsync();
        await agent.NextAsync<Frame.Challenge>();
        time.Advance(limits.HandshakeTime);
        Assert.Null(await agent.NextAsync());
    }

    [Fact]
    public async Task Agents_that_come_back_all_at_once_are_all_let_in()
    {
        await using var busy = await RunningAccess.StartAsync(new AccessLimits { Handshakes = 2, HandshakeTime = TimeSpan.FromMinutes(1) });
        var credentials = new List<Credential>();
        for (var i = 0; i < 60; i++)
            credentials.Add(await busy.EnrolAsync("host"));
        var agents = await Task.WhenAll(credentials.Select(c => busy.ConnectAsync(c)));
        Assert.All(agents, a => Assert.NotNull(a.Welcome));
        foreach (var agent in agents)
            await agent.DisposeAsync();
    }

    [Fact]
    public async Task One_agent_more_than_the_service_takes_is_told_to_come_later()
    {
        await using var small = await RunningAccess.StartAsync(new AccessLimits { Connections = 1 });
        await using var first = await small.ConnectAsync(await small.EnrolAsync("one"));
        Assert.NotNull(first.Welcome);
        await using var second = await small.ConnectAsync(await small.EnrolAsync("two"));
        Assert.Equal(RefusalCode.Busy, Assert.IsType<Frame.Refused>(second.Answer).Code);
    }

    [Fact]
    public async Task A_request_that_opens_no_websocket_is_told_so()
    {
        var answer = await _access.Http.GetAsync("/agent", Stop);
        Assert.Equal(System.Net.HttpStatusCode.UpgradeRequired, answer.StatusCode);
    }

    private async Task GoneAsync()
    {
        while (_access.Server.Find("web1")!.Connected)
            await Task.Delay(10, Stop);
    }
}
