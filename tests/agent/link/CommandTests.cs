using System.Text.Json;

namespace Pressure.Agent.Tests.Link;

public sealed class CommandTests : IAsyncLifetime
{
    private readonly TempFolder _folder = new();
    private readonly TestAuthority _authority = new();
    private readonly TestStore _store = new();
    private TestCentre _centre = null!;
    private TestAgent _agent = null!;

    public async ValueTask InitializeAsync()
    {
        _centre = await TestCentre.StartAsync(_store, _authority);
        _agent = new TestAgent(_folder, _store, _authority, _centre.Url);
        await Eventually.TrueAsync(() => _store.Count > 0, () => string.Join("\n", _agent.Told));
    }

    public async ValueTask DisposeAsync()
    {
        await _agent.DisposeAsync();
        await _centre.DisposeAsync();
        _authority.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task Echo_gives_back_what_it_was_given()
    {
        await _centre.Last.CommandAsync(1, "echo", """{"a":[1,2]}""");

        Assert.Equal("""{"a":[1,2]}""", (await ResultAsync(1)).Body!.Value.GetRawText());
    }

    [Fact]
    public async Task A_command_that_is_not_known_is_answered_with_those_that_are()
    {
        await _centre.Last.CommandAsync(1, "reboot");

        var result = await ResultAsync(1);
        Assert.Contains("echo", result.Error, StringComparison.Ordinal);
        Assert.Null(result.Body);
    }

    [Fact]
    public async Task Top_tells_the_busiest_processes()
    {
        await _centre.Last.CommandAsync(1, "top", """{"seconds":1,"interval":0.2}""");

        var body = (await ResultAsync(1)).Body!.Value;
        Assert.False(body.GetProperty("cancelled").GetBoolean());
        Assert.True(body.GetProperty("looks").GetInt32() >= 1);
    }

    [Theory]
    [InlineData("""{"seconds":0}""")]
    [InlineData("""{"seconds":100000}""")]
    [InlineData("""{"seconds":"many"}""")]
    [InlineData("""{"minutes":3}""")]
    [InlineData("[]")]
    public async Task Arguments_that_make_no_sense_are_answered_with_those_that_do(string body)
    {
        await _centre.Last.CommandAsync(1, "top", body);

        Assert.Contains("seconds: 1 to 3600", (await ResultAsync(1)).Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_cancelled_command_tells_what_it_has()
    {
        await _centre.Last.CommandAsync(5, "top", """{"seconds":3000}""");
        await _centre.Last.SendAsync(new Frame.Cancel(4));
        await _centre.Last.SendAsync(new Frame.Cancel(5));

        Assert.True((await ResultAsync(5)).Body!.Value.GetProperty("cancelled").GetBoolean());
    }

    [Fact]
    public async Task Watched_processes_are_told()
    {
        await _centre.Last.CommandAsync(1, "processes");

        Assert.Equal(JsonValueKind.Array, (await ResultAsync(1)).Body!.Value.GetProperty("processes").ValueKind);
    }

    [Fact]
    public async Task Of_many_commands_each_is_answered_once_and_a_bounded_number_runs()
    {
        for (var id = 0; id < 20; id++)
            await _centre.Last.CommandAsync(id, "top", """{"seconds":2000}""");
        for (var id = 100; id < 130; id++)
            await _centre.Last.CommandAsync(id, "echo");
        await Eventually.TrueAsync(() => Results.Count == 34);
        Assert.All(Results, r => Assert.Contains("under way", r.Error, StringComparison.Ordinal));

        for (var id = 0; id < 20; id++)
            await _centre.Last.SendAsync(new Frame.Cancel(id));

        await Eventually.TrueAsync(() => Results.Count == 50);
        Assert.Equal(50, Results.Select(r => r.Id).Distinct().Count());
    }

    [Fact]
    public async Task An_agent_that_gives_its_ring_away_finishes_what_is_under_way_and_takes_nothing_new()
    {
        await StartLongAsync();
        await _agent.Serving.ReleaseAsync();
        using (var free = RingLock.TryTake(_folder.Path))
            Assert.NotNull(free);
        await _centre.Last.CommandAsync(2, "echo");
        Assert.Contains("successor", (await ResultAsync(2)).Error, StringComparison.Ordinal);
        // All that was sent before has come before this.
        var sent = _store.Count;

        _agent.Serving.Leave();
        await _centre.Last.SendAsync(new Frame.Cancel(1));
        await _agent.Ended;

        Assert.NotNull((await ResultAsync(1)).Body);
        Assert.Equal(sent, _store.Count);
        Assert.IsType<Frame.Goodbye>(_centre.Last.Received[^1]);
    }

    [Fact]
    public async Task An_agent_that_takes_its_ring_back_goes_on_beside_its_commands_and_no_number_is_used_twice()
    {
        var first = _centre.Last;
        await StartLongAsync();
        await _agent.Serving.ReleaseAsync();
        var sent = _store.Count;

        await _agent.Serving.ResumeAsync();

        await Eventually.TrueAsync(() => _store.Count > sent + 3 && _centre.Sessions.Count == 2, () => string.Join("\n", _agent.Told));
        Assert.Equal(first.Hello!.Instance, _centre.Last.Hello!.Replaces);
        await first.SendAsync(new Frame.Cancel(1));
        await Eventually.TrueAsync(() => first.Received.OfType<Frame.Result>().Any(r => r.Id == 1));
        Assert.Equal(0, _store.Twice);
        Assert.Equal(Enumerable.Range(0, _store.Count).Select(i => (long)i), _store.Entries.Select(e => e.Number));
    }

    private IReadOnlyList<Frame.Result> Results => [.. _centre.Last.Received.OfType<Frame.Result>()];

    /// <summary>A command with the id 1 that goes on until it is cancelled; when this returns it is under way.</summary>
    private async Task StartLongAsync()
    {
        await _centre.Last.CommandAsync(1, "top", """{"seconds":3000}""");
        // Commands begin in the order in which they come.
        await _centre.Last.CommandAsync(9, "echo");
        await ResultAsync(9);
    }

    private async Task<Frame.Result> ResultAsync(long id)
    {
        await Eventually.TrueAsync(() => Results.Any(r => r.Id == id), () => string.Join("\n", _agent.Told));
        return Assert.Single(Results, r => r.Id == id);
    }
}
