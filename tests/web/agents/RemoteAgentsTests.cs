using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using Pressure.LoadGen;
using Pressure.Record;
using Pressure.TestKit;
using Pressure.Web.Access;
using Pressure.Web.Agents;

namespace Pressure.Web.Tests.Agents;

/// <summary>A run elsewhere watches the agents of a real service by its API.</summary>
public sealed class RemoteAgentsTests : IHostSink, IAsyncLifetime
{
    private readonly TempFolder _temp = new();
    private readonly FakeAgents _agents = new(TimeProvider.System);
    private readonly ConcurrentQueue<HostSample> _samples = new();
    private readonly ConcurrentQueue<GcEvent> _collections = new();
    private readonly ConcurrentQueue<TimelineEvent> _events = new();
    private RunningService _service = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _service = await StartAsync($"http://127.0.0.1:{ServerProcess.FreePort()}");

    public async ValueTask DisposeAsync()
    {
        await _service.DisposeAsync();
        _temp.Dispose();
    }

    void IHostSink.Take(HostSample sample) => _samples.Enqueue(sample);

    void IHostSink.Take(GcEvent collection) => _collections.Enqueue(collection);

    void IHostSink.Tell(TimelineEvent what) => _events.Enqueue(what);

    [Fact]
    public async Task A_run_goes_on_when_the_service_dies_tells_the_gap_and_gets_each_entry_once()
    {
        _agents.Enrol("db1", labels: ("service", "orders"));
        await using var remote = await RemoteAgents.ConnectAsync(new Uri(_service.Url), TimeProvider.System, Stop);
        var plan = PlanReader.Parse($"{Plans.Light(new Uri("http://127.0.0.1:9"))}\nhosts: [ service=orders ]\n", "plan").Plan!;
        var hosts = ChosenHosts.Of(plan, "plan", remote.Agents);
        Assert.Empty(hosts.Problems);

        var clock = new RunClock(TimeProvider.System);
        var end = new TaskCompletionSource<TimeSpan>();
        var following = new AgentFeed(remote, hosts, TimeProvider.System).FollowAsync(clock, this, end.Task);
        var told = new List<DateTimeOffset>();
        await Task.Delay(200, Stop);
        Talk(told);
        await UntilAsync(() => _samples.Count == 1);
        Talk(told);
        await UntilAsync(() => _samples.Count == 2);

        var url = _service.Url;
        await _service.DisposeAsync();
        await UntilAsync(() => _events.Count == 1);
        Assert.IsType<TimelineEvent.HostSilent>(_events.Single());
        Talk(told); // kept by the agent, and by the service that comes back
        _service = await StartAsync(url);
        await UntilAsync(() => _samples.Count == 3 && _events.Count == 2);
        Assert.IsType<TimelineEvent.HostHeard>(_events.Last());
        Talk(told);
        await UntilAsync(() => _samples.Count == 4);

        end.SetResult(clock.Now);
        await following;
        Assert.Equal(4, _collections.Count);
        // Two clocks of one machine: what is told of a time differs by no more than a request takes.
        Assert.All(_samples.Zip(told), pair => Assert.InRange((pair.First.At - (pair.Second - clock.StartedAt)).TotalSeconds, -2, 2));
        Assert.All(_samples, s => Assert.Equal("db1", s.Host));
    }

    [Theory]
    [InlineData("http://127.0.0.1:1/")]
    [InlineData("http://user:secret@127.0.0.1:1/")]
    public async Task A_service_that_is_not_there_is_told_without_its_password(string url)
    {
        var told = await Assert.ThrowsAsync<IOException>(() => RemoteAgents.ConnectAsync(new Uri(url), TimeProvider.System, Stop));
        Assert.Contains("http://127.0.0.1:1 does not tell its agents", told.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", told.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("200 OK", "[{]")]
    [InlineData("200 OK", "{\"name\": 1}")]
    [InlineData("200 OK", "[null]")]
    [InlineData("404 Not Found", "")]
    [InlineData("500 Oh", "x")]
    public async Task Something_else_than_such_a_service_is_told(string status, string body)
    {
        await using var other = new OneAnswerServer($"HTTP/1.1 {status}\r\nContent-Type: application/json\r\nContent-Length: {body.Length}\r\n\r\n{body}");
        await Assert.ThrowsAsync<IOException>(() => RemoteAgents.ConnectAsync(other.Url, TimeProvider.System, Stop));
    }

    private async Task<RunningService> StartAsync(string url) => await RunningService.StartAsync(_temp, services => services.AddSingleton<IAgentHistory>(_agents), url);

    private void Talk(List<DateTimeOffset> told)
    {
        var now = TimeProvider.System.GetUtcNow();
        told.Add(now);
        _agents.Add("db1", Entry.Sample(now), Entry.Collection(now, number: told.Count));
    }

    private static async Task UntilAsync(Func<bool> holds)
    {
        for (var i = 0; i < 600 && !holds(); i++)
            await Task.Delay(100, Stop);
        Assert.True(holds());
    }
}
