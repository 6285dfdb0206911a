using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Pressure.Record;
using Pressure.TestKit;
using Pressure.Web.Access;
using Shop;

namespace Pressure.Web.Tests.Agents;

/// <summary>Runs of a real service that watch hosts with agents.</summary>
public sealed class AgentRunTests : IAsyncLifetime
{
    private readonly TempFolder _temp = new();
    private readonly FakeAgents _agents = new(TimeProvider.System);
    private readonly CancellationTokenSource _stop = new();
    private readonly List<Task> _talking = [];
    private RunningService _service = null!;
    private ShopHost _shop = null!;

    public async ValueTask InitializeAsync()
    {
        _service = await RunningService.StartAsync(_temp, services => services.AddSingleton<IAgentHistory>(_agents));
        _shop = await ShopHost.StartAsync(new ShopOptions());
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await Task.WhenAll(_talking);
        await _service.DisposeAsync();
        await _shop.DisposeAsync();
        _temp.Dispose();
        _stop.Dispose();
    }

    [Fact]
    public async Task The_chosen_hosts_are_in_the_record_with_their_labels()
    {
        Talk("db1", ("service", "orders"));
        Talk("db2", ("service", "orders"), ("env", "test"));
        Talk("web1", ("service", "shop"));
        var run = await RunAsync("[ local, service=orders, DB1 ]");

        Assert.Equal(["local", "db1", "db2"], run.Manifest.Hosts);
        Assert.Equal(["db1", "db2"], run.Manifest.Agents.Select(a => a.Name));
        Assert.Equal("test", run.Manifest.Agents[1].Labels["env"]);
        Assert.Equal(["db1", "db2", "local"], run.Hosts.Select(h => h.Host).Distinct().Order());
        foreach (var host in new[] { "db1", "db2" })
            Assert.True(run.Hosts.Any(h => h.Host == host), $"nothing of {host}");
        Assert.DoesNotContain(run.Events, e => e is TimelineEvent.HostSilent);
    }

    [Theory]
    [InlineData("db3", "no agent is called 'db3'", "There are db1 (service=orders), db2 (not connected).")]
    [InlineData("db2", "the agent on 'db2' is not connected", "Start it")]
    [InlineData("'web*'", "'web*' fits no agent", "There are db1")]
    [InlineData("service=item", "'service=item' fits no agent", "There are db1")]
    [InlineData("'*2'", "none of the 1 agents that '*2' fits is connected", "Start them, or choose others.")]
    public async Task Hosts_that_could_not_be_watched_are_refused_with_what_there_is(string host, string message, string remedy)
    {
        _agents.Enrol("db1", labels: ("service", "orders"));
        _agents.Enrol("db2", connected: false);
        var answer = await _service.SendPlanAsync("/api/runs", PlanWith($"[ local, {host} ]"));

        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.StatusCode);
        var problem = Assert.Single((await RunningService.JsonOf(answer)).GetProperty("problems").EnumerateArray());
        Assert.Equal("hosts[1]", problem.GetProperty("field").GetString());
        Assert.True(problem.GetProperty("line").GetInt32() > 1);
        Assert.Contains(message, problem.GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.Contains(remedy, problem.GetProperty("remedy").GetString(), StringComparison.Ordinal);
        Assert.Empty((await _service.GetJsonAsync("/api/runs")).EnumerateArray());
    }

    [Fact]
    public async Task Of_a_pattern_s_hosts_those_not_connected_are_left_out_and_told()
    {
        Talk("db1");
        _agents.Enrol("db2", connected: false);
        var run = await RunAsync("[ 'db*' ]");

        Assert.Equal(["db1"], run.Manifest.Hosts);
        Assert.Equal("db2", Assert.Single(run.Events.OfType<TimelineEvent.DataLost>()).Host);
    }

    [Fact]
    public async Task What_an_agent_kept_while_it_was_cut_off_is_added_to_the_finished_run_once()
    {
        _agents.Enrol("db1");
        var started = await StartAsync("[ db1 ]");
        var start = RunFolder.ReadManifest(started.Folder).StartedAt;
        _agents.Add("db1", Entry.Sample(start), Entry.Sample(start + TimeSpan.FromMilliseconds(100)));
        _agents.Set("db1", a => a with { Connected = false });
        await _service.FollowToEndAsync(started.Id);
        var before = RunFolder.Read(started.Folder);
        Assert.Equal("db1", Assert.Single(before.Events.OfType<TimelineEvent.HostSilent>()).Host);

        // Back again: all of its ring comes, the first two of it are there already.
        var kept = Enumerable.Range(2, 60).Select(i => start + TimeSpan.FromMilliseconds(100 * i)).ToList();
        _agents.Add("db1", kept.SelectMany(at => new[] { Entry.Sample(at), Entry.Collection(at, number: at.Ticks) }));
        _agents.Set("db1", a => a with { Connected = true });
        await UntilAsync(() => RunFolder.ReadEvents(started.Folder).Any(e => e is TimelineEvent.HostHeard));

        var after = RunFolder.Read(started.Folder);
        var end = after.Events.First(e => e is TimelineEvent.LoadEnded).At;
        Assert.Equal(after.Hosts.Count, after.Hosts.Select(h => h.At).Distinct().Count());
        Assert.Equal(before.Hosts.Count + kept.Count(at => at - TimeSpan.FromSeconds(1) - after.Manifest.StartedAt < end), after.Hosts.Count);
        Assert.Equal(kept.Count(at => at - after.Manifest.StartedAt <= end), after.Gc.Count);
        await UntilAsync(async () => (await _service.GetJsonAsync($"/api/runs/{started.Id}/summary")).GetProperty("events").EnumerateArray().Any(e => e.GetProperty("kind").GetString() == "hostHeard"));
        Assert.Equal("finished", (await _service.GetJsonAsync($"/api/runs/{started.Id}")).GetProperty("state").GetString());
    }

    private static string PlanWith(string hosts) => $"{Plans.Light(new Uri("http://127.0.0.1:9"), "2s")}\nhosts: {hosts}\n";

    private async Task<(string Id, string Folder)> StartAsync(string hosts, string duration = "2s")
    {
        var answer = await _service.SendPlanAsync("/api/runs", $"{Plans.Light(_shop.GatewayUrl, duration)}\nhosts: {hosts}\n");
        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        var id = (await RunningService.JsonOf(answer)).GetProperty("id").GetString()!;
        return (id, Path.Combine(_service.Folder, id));
    }

    private async Task<RunRecord> RunAsync(string hosts)
    {
        // On a busy machine an agent's second may be a long one.
        var (id, folder) = await StartAsync(hosts, "6s");
        await _service.FollowToEndAsync(id);
        return RunFolder.Read(folder);
    }

    /// <summary>An agent that tells of every second until the test's end.</summary>
    private void Talk(string name, params (string, string)[] labels)
    {
        _agents.Enrol(name, labels: labels);
        _talking.Add(Task.Run(async () =>
        {
            while (!_stop.IsCancellationRequested)
            {
                _agents.Add(name, Entry.Sample(TimeProvider.System.GetUtcNow()));
                await Task.WhenAny(Task.Delay(1_000, _stop.Token));
            }
        }, CancellationToken.None));
    }

    private static Task UntilAsync(Func<bool> holds) => UntilAsync(() => Task.FromResult(holds()));

    private static async Task UntilAsync(Func<Task<bool>> holds)
    {
        for (var i = 0; i < 600 && !await holds(); i++)
            await Task.Delay(100, TestContext.Current.CancellationToken);
        Assert.True(await holds());
    }
}
