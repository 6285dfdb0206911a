using System.Collections.Concurrent;
using System.Net;
using System.Runtime.CompilerServices;
using System.Text;
using Pressure.Record;
using Pressure.TestKit;
using Pressure.Web.Access;
using Pressure.Web.Agents;

namespace Pressure.Web.Tests.Agents;

/// <summary>A connection that is not made in time is told by the client library as if somebody had cancelled it; nobody has.</summary>
public sealed class SlowConnectionTests : IHostSink
{
    private readonly FakeTime _time = new();
    private readonly ConcurrentQueue<HostSample> _samples = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    void IHostSink.Take(HostSample sample) => _samples.Enqueue(sample);

    void IHostSink.Take(GcEvent collection)
    {
    }

    void IHostSink.Tell(TimelineEvent what)
    {
    }

    [Fact]
    public async Task A_host_whose_service_could_not_be_reached_in_time_is_followed_again()
    {
        var agents = new FakeAgents(_time);
        var agent = agents.Enrol("db1");
        var clock = new RunClock(_time);
        agents.Add("db1", Entry.Sample(_time.GetUtcNow()));
        var history = new FirstTooSlow(agents);
        var end = new TaskCompletionSource<TimeSpan>();
        var following = new FollowedAgent(history, agent, clock, this, _time).RunAsync(end.Task);
        for (var i = 0; i < 200 && _samples.IsEmpty; i++)
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            await Task.Delay(20, Stop);
        }

        Assert.Single(_samples);
        Assert.Equal(2, history.Asked);
        end.SetResult(clock.Now);
        while (!following.IsCompleted)
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            await Task.Delay(5, Stop);
        }
    }

    [Fact]
    public async Task A_service_that_could_not_be_reached_in_time_is_told_as_such()
    {
        await using var remote = await RemoteAgents.ConnectAsync(new Uri("http://127.0.0.1:1/"), null, new TooSlow(), _time, Stop);
        await Assert.ThrowsAsync<HttpRequestException>(async () => await remote.FollowAsync("db1", _time.GetUtcNow(), Stop).FirstOrDefaultAsync(Stop));
        Assert.Equal((null, "the service can't be asked: no connection within 5 s."), await remote.SendAsync("db1", "echo", null, Stop));

        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await remote.FollowAsync("db1", _time.GetUtcNow(), cancelled.Token).FirstOrDefaultAsync(cancelled.Token));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => remote.SendAsync("db1", "echo", null, cancelled.Token));
    }

    private sealed class FirstTooSlow(FakeAgents agents) : IAgentHistory
    {
        private int _asked;

        public int Asked => Volatile.Read(ref _asked);

        public IReadOnlyList<AgentPresence> Agents => agents.Agents;

        public async IAsyncEnumerable<StoredEntry> FollowAsync(string name, DateTimeOffset from, [EnumeratorCancellation] CancellationToken stop)
        {
            await Task.Yield();
            if (Interlocked.Increment(ref _asked) == 1)
                throw new TaskCanceledException("A connection could not be established within the configured ConnectTimeout.");
            await foreach (var entry in agents.FollowAsync(name, from, stop))
                yield return entry;
        }
    }

    /// <summary>Tells its agents, of which there are none; any other connection takes too long.</summary>
    private sealed class TooSlow : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            cancellationToken.ThrowIfCancellationRequested();
            return request.RequestUri!.AbsolutePath == "/api/agents"
                ? Task.FromResult(new HttpResponseMessage(HttpStatusCode.OK) { Content = new StringContent("[]", Encoding.UTF8, "application/json") })
                : Task.FromException<HttpResponseMessage>(new TaskCanceledException("A connection could not be established within the configured ConnectTimeout."));
        }
    }
}
