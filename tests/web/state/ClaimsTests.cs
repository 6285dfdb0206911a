using Dapper;
using Pressure.TestKit;
using Pressure.Web.State;

namespace Pressure.Web.Tests.State;

[Collection(PostgresCollection.Name)]
public sealed class ClaimsTests(PostgresFixture postgres)
{
    private static readonly DateTimeOffset Due = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(10);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Of_all_who_ask_for_a_moment_one_alone_gets_it()
    {
        var address = await postgres.NewAsync();
        await using var one = await NodeAsync(address, "one");
        await using var two = await NodeAsync(address, "two");
        var answers = await Task.WhenAll(Enumerable.Range(0, 200).Select(i => Task.Run(() => (i % 2 == 0 ? one : two).Claims.TryAsync($"s{i / 10}", Due, Stop), Stop)));
        Assert.Equal(20, answers.Count(a => a == ClaimAnswer.Mine));
        Assert.Equal(180, answers.Count(a => a == ClaimAnswer.Others));
    }

    [Fact]
    public async Task The_next_moment_finds_the_one_before_still_running_until_it_is_over()
    {
        var address = await postgres.NewAsync();
        await using var one = await NodeAsync(address, "one");
        await using var two = await NodeAsync(address, "two");
        Assert.Equal(ClaimAnswer.Mine, await one.Claims.TryAsync("s", Due, Stop));
        Assert.Equal(ClaimAnswer.StillRunning, await two.Claims.TryAsync("s", Due.AddMinutes(1), Stop));
        await two.Claims.DoneAsync("s", Due.AddMinutes(1), Stop);
        await one.Claims.DoneAsync("s", Due, Stop);
        Assert.Equal(ClaimAnswer.Mine, await two.Claims.TryAsync("s", Due.AddMinutes(2), Stop));
    }

    [Fact]
    public async Task A_node_without_a_lease_gets_nothing()
    {
        await using var one = await NodeAsync(await postgres.NewAsync(), "one");
        await one.Database.DoAsync(c => c.ExecuteAsync("UPDATE node SET lease_until = clock_timestamp() - interval '1 s'"), Stop);
        Assert.Equal(ClaimAnswer.Others, await one.Claims.TryAsync("s", Due, Stop));
        one.Time.Advance(Lease);
        Assert.False(one.Nodes.HoldsLease);
        await one.Nodes.BeatAsync(Stop);
        Assert.True(one.Nodes.HoldsLease);
        Assert.Equal(ClaimAnswer.Mine, await one.Claims.TryAsync("s", Due, Stop));
    }

    [Fact]
    public async Task What_a_dead_node_began_is_told_to_one_of_the_others_once()
    {
        var address = await postgres.NewAsync();
        await using var dead = await NodeAsync(address, "dead");
        await using var one = await NodeAsync(address, "one");
        await using var two = await NodeAsync(address, "two");
        await dead.Claims.TryAsync("s", Due, Stop);
        await one.Claims.TryAsync("t", Due, Stop);
        Assert.Empty(await two.Claims.TakeAbandonedAsync(Stop));

        // Whoever has only just come back to the database does not judge others.
        await dead.Database.DoAsync(c => c.ExecuteAsync("UPDATE node SET lease_until = clock_timestamp() - interval '1 s' WHERE id = 'dead'"), Stop);
        Assert.Empty(await two.Claims.TakeAbandonedAsync(Stop));

        foreach (var node in new[] { one, two })
            await node.LastAsync(Lease * 2);
        var told = (await Task.WhenAll(one.Claims.TakeAbandonedAsync(Stop), two.Claims.TakeAbandonedAsync(Stop))).SelectMany(a => a).ToList();
        Assert.Equal(new AbandonedClaim("s", Due, "dead"), Assert.Single(told));
    }

    [Fact]
    public async Task A_node_that_starts_again_has_abandoned_what_it_began_before()
    {
        var address = await postgres.NewAsync();
        await using var one = await NodeAsync(address, "one");
        await using var two = await NodeAsync(address, "two");
        await one.Claims.TryAsync("s", Due, Stop);
        await using var again = await NodeAsync(address, "one");
        await two.LastAsync(Lease * 2);
        Assert.Single(await two.Claims.TakeAbandonedAsync(Stop));
        await one.Nodes.BeatAsync(Stop);
        Assert.True(one.Nodes.IsDisplaced);
        Assert.False(one.Nodes.HoldsLease);
    }

    [Fact]
    public async Task A_lease_is_held_by_one_until_it_is_given_back_or_runs_out()
    {
        var address = await postgres.NewAsync();
        await using var one = await NodeAsync(address, "one");
        await using var two = await NodeAsync(address, "two");
        Assert.True(await one.Claims.HoldAsync("monkey", Stop));
        Assert.True(await one.Claims.HoldAsync("monkey", Stop));
        Assert.False(await two.Claims.HoldAsync("monkey", Stop));
        await one.Claims.ReleaseAsync("monkey", Stop);
        Assert.True(await two.Claims.HoldAsync("monkey", Stop));
        await one.Database.DoAsync(c => c.ExecuteAsync("UPDATE lease SET until = clock_timestamp() - interval '1 s'"), Stop);
        Assert.True(await one.Claims.HoldAsync("monkey", Stop));
    }

    private static async Task<TestNode> NodeAsync(DatabaseAddress address, string id)
    {
        var node = new TestNode(await ServiceDatabase.OpenAsync(address, Stop), id);
        await node.Nodes.JoinAsync("http://127.0.0.1:1", stop: Stop);
        return node;
    }

    private sealed class TestNode : IAsyncDisposable
    {
        public TestNode(ServiceDatabase database, string id)
        {
            Database = database;
            Nodes = new ServiceNodes(database, new NodeIdentity(id, Guid.NewGuid(), "", "0"), Time, Lease);
            Claims = new Claims(database, Nodes);
        }

        public FakeTime Time { get; } = new();

        public ServiceDatabase Database { get; }

        public ServiceNodes Nodes { get; }

        public Claims Claims { get; }

        /// <summary>Lets its own clock go on with heartbeats, as a node does.</summary>
        public async Task LastAsync(TimeSpan span)
        {
            for (var passed = TimeSpan.Zero; passed <= span; passed += Lease / 5)
            {
                Time.Advance(Lease / 5);
                await Nodes.BeatAsync(Stop);
            }
        }

        public ValueTask DisposeAsync() => Database.DisposeAsync();
    }
}
