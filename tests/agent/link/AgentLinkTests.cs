using System.Text.Json;

namespace Pressure.Agent.Tests.Link;

public sealed class AgentLinkTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly TestAuthority _authority = new();
    private readonly TestStore _store = new();

    public void Dispose()
    {
        _authority.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task Samples_reach_the_centre_in_order_and_each_once()
    {
        await using var centre = await TestCentre.StartAsync(_store, _authority);
        await using var agent = Agent(centre);

        await Eventually.TrueAsync(() => _store.Count >= 10, () => $"{string.Join("\n", agent.Told)} {centre.Last.Failure}");

        var entries = _store.Entries;
        Assert.Equal(Enumerable.Range(0, entries.Count).Select(i => (long)i), entries.Select(e => e.Number));
        Assert.Equal(entries.Select(e => e.Entry.At).Order(), entries.Select(e => e.Entry.At));
        Assert.All(entries, e => Assert.Equal("host-1", e.Entry.Host!.Host));
        Assert.Equal(0, _store.Twice);
        Assert.Equal("orders", centre.Last.Hello!.Labels["service"]);
    }

    [Fact]
    public async Task While_the_centre_is_away_sampling_goes_on_and_all_of_it_comes_once_it_is_back()
    {
        using var port = new HeldPort();
        var centre = await TestCentre.StartAsync(_store, _authority, port: port.Number);
        await using var agent = Agent(centre);
        await Eventually.TrueAsync(() => _store.Count >= 3);
        await centre.DisposeAsync();
        var before = _store.Count;
        await Task.Delay(2000, TestContext.Current.CancellationToken);

        await using var again = await TestCentre.StartAsync(_store, _authority, port: port.Number);
        await Eventually.TrueAsync(() => _store.Count >= before + 15, () => string.Join("\n", agent.Told));

        var entries = _store.Entries;
        Assert.Equal(Enumerable.Range(0, entries.Count).Select(i => (long)i), entries.Select(e => e.Number));
        Assert.Equal(0, _store.Twice);
    }

    [Fact]
    public async Task A_server_with_another_authority_gets_nothing()
    {
        using var other = new TestAuthority("another one");
        await using var centre = await TestCentre.StartAsync(_store, _authority, other.Server());
        await using var agent = Agent(centre);

        await Eventually.TrueAsync(() => agent.Told.Any(t => t.Contains("is not the service that this agent was enrolled with", StringComparison.Ordinal)), () => string.Join("\n", agent.Told));

        Assert.Empty(centre.Sessions);
    }

    [Fact]
    public async Task A_certificate_for_another_name_counts_only_with_the_key_of_the_enrolment()
    {
        var certificate = _authority.Server("elsewhere.example");
        var pin = KeyPin.Of(certificate).Text;
        await using var centre = await TestCentre.StartAsync(_store, _authority, certificate);
        await using (var stranger = Agent(centre))
            await Eventually.TrueAsync(() => stranger.Told.Any(t => t.Contains("made out to another name", StringComparison.Ordinal)), () => string.Join("\n", stranger.Told));
        Assert.Empty(centre.Sessions);

        using var folder = new TempFolder();
        await using var agent = new TestAgent(folder, _store, _authority, centre.Url, pin);
        await Eventually.TrueAsync(() => _store.Count > 0);
    }

    [Fact]
    public async Task The_clock_is_told_at_once_and_as_it_is()
    {
        await using var centre = await TestCentre.StartAsync(_store, _authority);
        await using var agent = Agent(centre);
        await Eventually.TrueAsync(() => _store.Count > 0);
        var before = TimeProvider.System.GetUtcNow();

        await centre.Last.SendAsync(new Frame.ClockAsk(77));

        var answer = await NextAsync<Frame.ClockAnswer>(centre);
        Assert.Equal(77, answer.Id);
        Assert.InRange(answer.Received, before - TimeSpan.FromMilliseconds(50), answer.Sent);
        Assert.InRange(answer.Sent, answer.Received, TimeProvider.System.GetUtcNow() + TimeSpan.FromMilliseconds(50));
    }

    [Fact]
    public async Task New_settings_hold_at_once_within_their_bounds()
    {
        _store.Settings = _store.Settings with { Every = TimeSpan.FromSeconds(30) };
        await using var centre = await TestCentre.StartAsync(_store, _authority);
        await using var agent = Agent(centre);
        await Eventually.TrueAsync(() => centre.Sessions.Count == 1 && centre.Last.Hello is not null);

        await centre.Last.SendAsync(new Frame.Settings(new AgentSettings(TimeSpan.FromMilliseconds(1), TimeSpan.FromHours(1), ["nginx"])));

        await Eventually.TrueAsync(() => _store.Count >= 5);
        await centre.Last.CommandAsync(1, "settings");
        var settings = (await NextAsync<Frame.Result>(centre)).Body!.Value.Deserialize(CommandJson.Default.AgentSettings)!;
        Assert.Equal((TimeSpan.FromMilliseconds(100), TimeSpan.FromMinutes(5), "nginx"), (settings.Every, settings.Heartbeat, settings.Processes.Single()));
    }

    [Fact]
    public async Task No_more_than_a_few_frames_are_ahead_of_their_acknowledgements()
    {
        const int More = 12;
        await using var centre = await TestCentre.StartAsync(_store, _authority);
        centre.Serve = async session =>
        {
            session.Acks = false;
            await session.ServeAsync();
        };
        await using var agent = Agent(centre);
        await Eventually.TrueAsync(() => Frames(centre).Count == EntrySender.Window);
        var sizes = new HashSet<long>();
        await Eventually.TrueAsync(() => sizes.Add(RingBytes()) && sizes.Count > More + 1);
        Assert.Equal(EntrySender.Window, Frames(centre).Count);

        var last = Frames(centre)[^1];
        await centre.Last.SendAsync(new Frame.Ack(last.First + last.Items.Count));

        await Eventually.TrueAsync(() => Frames(centre).Count > EntrySender.Window);
        // What had to wait comes together, and that is at least one each time the ring grew.
        Assert.InRange(Frames(centre)[EntrySender.Window].Items.Count, More, int.MaxValue);
    }

    [Fact]
    public async Task A_link_that_was_cut_without_a_word_is_given_up_when_acknowledgements_stay_away()
    {
        _store.Settings = _store.Settings with { Heartbeat = TimeSpan.FromSeconds(1) };
        await using var centre = await TestCentre.StartAsync(_store, _authority);
        var first = true;
        centre.Serve = async session =>
        {
            session.Acks = !first;
            first = false;
            await session.ServeAsync();
        };
        await using var agent = Agent(centre);

        await Eventually.TrueAsync(() => centre.Sessions.Count >= 2 && centre.Last.Received.OfType<Frame.Entries>().Count() > 3, () => string.Join("\n", agent.Told));

        Assert.Contains(agent.Told, t => t.Contains("has said nothing for", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Heartbeats_come_when_there_is_nothing_else_to_say()
    {
        _store.Settings = new AgentSettings(TimeSpan.FromMinutes(1), TimeSpan.FromMilliseconds(300), []);
        await using var centre = await TestCentre.StartAsync(_store, _authority);
        await using var agent = Agent(centre);

        await Eventually.TrueAsync(() => centre.Sessions.Count > 0 && centre.Last.Received.OfType<Frame.Heartbeat>().Count() >= 3);
    }

    [Fact]
    public async Task An_agent_that_is_not_known_any_more_says_so_and_does_not_hammer()
    {
        await using var centre = await TestCentre.StartAsync(_store, _authority);
        centre.Serve = async session =>
        {
            await session.ChallengeAsync();
            await session.SendAsync(new Frame.Refused(RefusalCode.Unknown, "It has been revoked."));
            while (await session.ReceiveAsync() is not null)
            {
            }
        };
        await using var agent = Agent(centre);

        await Eventually.TrueAsync(() => agent.Told.Any(t => t.Contains("It has been revoked. Enrol it anew", StringComparison.Ordinal)), () => string.Join("\n", agent.Told));
        await Task.Delay(2500, TestContext.Current.CancellationToken);

        Assert.Single(centre.Sessions);
    }

    [Theory]
    [InlineData("{\"frame\":\"welcome\"}")]
    [InlineData("no frame at all")]
    [InlineData("{\"frame\":\"ack\",\"next\":1000000}")]
    public async Task What_makes_no_sense_ends_the_connection_and_not_the_agent(string nonsense)
    {
        await using var centre = await TestCentre.StartAsync(_store, _authority);
        await using var agent = Agent(centre);
        await Eventually.TrueAsync(() => _store.Count > 0);

        await centre.Last.SendAsync(System.Text.Encoding.UTF8.GetBytes(nonsense));

        await Eventually.TrueAsync(() => centre.Sessions.Count >= 2 && centre.Last.Received.OfType<Frame.Entries>().Any(), () => string.Join("\n", agent.Told));
        Assert.Equal(0, _store.Twice);
    }

    [Fact]
    public async Task Entries_that_the_centre_has_and_the_disk_has_lost_are_not_mixed_up_with_new_ones()
    {
        await using var centre = await TestCentre.StartAsync(_store, _authority);
        var rings = new List<Guid>();
        centre.Serve = async session =>
        {
            await session.EnterAsync(rings.Count == 0 ? 1_000_000 : null);
            rings.Add(session.Hello!.Ring);
            await session.FollowAsync();
        };
        await using var agent = Agent(centre);

        await Eventually.TrueAsync(() => _store.Count >= 3, () => string.Join("\n", agent.Told));

        Assert.Equal(2, rings.Distinct().Count());
        Assert.All(_store.Entries, e => Assert.Equal(rings[1], e.Ring));
    }

    [Fact]
    public async Task Who_leaves_says_goodbye()
    {
        await using var centre = await TestCentre.StartAsync(_store, _authority);
        await using var agent = Agent(centre);
        await Eventually.TrueAsync(() => _store.Count > 0);

        agent.Leave();
        await agent.Ended;

        Assert.IsType<Frame.Goodbye>(centre.Last.Received[^1]);
    }

    private TestAgent Agent(TestCentre centre) => new(_folder, _store, _authority, centre.Url);

    /// <summary>How much the agent has on disk; that grows with each entry.</summary>
    private long RingBytes() => Directory.EnumerateFiles(_folder.Path, "*.seg", SearchOption.AllDirectories).Sum(f => new FileInfo(f).Length);

    private static List<Frame.Entries> Frames(TestCentre centre) => centre.Sessions.Count == 0 ? [] : [.. centre.Last.Received.OfType<Frame.Entries>()];

    private static async Task<T> NextAsync<T>(TestCentre centre)
        where T : Frame
    {
        await Eventually.TrueAsync(() => centre.Last.Received.OfType<T>().Any());
        return centre.Last.Received.OfType<T>().First();
    }
}
