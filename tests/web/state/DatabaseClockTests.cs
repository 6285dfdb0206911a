using Dapper;
using Npgsql;
using Pressure.TestKit;
using Pressure.Web.State;

namespace Pressure.Web.Tests.State;

/// <summary>The database's clock is put forward: by it all leases have run out at once, though everybody was heard a moment ago.</summary>
[Collection(PostgresCollection.Name)]
public sealed class DatabaseClockTests(PostgresFixture postgres) : IAsyncLifetime
{
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(10);

    private readonly FakeTime _time = new();
    private ServiceDatabase _database = null!;
    private ServiceNodes _one = null!;
    private ServiceNodes _two = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        var address = await postgres.NewAsync();
        await (await ServiceDatabase.OpenAsync(address, Stop)).DisposeAsync();
        // Found before the server's own, since the path of schemas says so.
        var shifted = new NpgsqlConnectionStringBuilder(address.Connection.ConnectionString) { SearchPath = $"{ServiceDatabase.Schema},shifted,pg_catalog" };
        await using (var connection = new NpgsqlConnection(shifted.ConnectionString))
        {
            await connection.ExecuteAsync(
                """
                CREATE SCHEMA shifted;
                CREATE TABLE shifted.clock (by interval NOT NULL);
                INSERT INTO shifted.clock VALUES ('0');
                CREATE FUNCTION shifted.clock_timestamp() RETURNS timestamptz LANGUAGE sql VOLATILE AS 'SELECT pg_catalog.clock_timestamp() + (SELECT by FROM shifted.clock)'
                """);
        }
        address.Connection.SearchPath = shifted.SearchPath;
        _database = await ServiceDatabase.OpenAsync(address, Stop);
        (_one, _two) = (Node("one"), Node("two"));
        await _one.JoinAsync("http://127.0.0.1:1", stop: Stop);
        await _two.JoinAsync("http://127.0.0.1:1", stop: Stop);
        for (var passed = TimeSpan.Zero; passed <= 2 * Lease; passed += Lease / 5)
            await BeatAsync(_one, _two);
        Assert.True(_two.MayJudge && _two.Living("one") is not null);
        await new Claims(_database, _one).TryAsync("s", DateTimeOffset.UnixEpoch, Stop);
        await _database.DoAsync(c => c.ExecuteAsync("UPDATE shifted.clock SET by = interval '1 hour'"), Stop);
    }

    public ValueTask DisposeAsync() => _database.DisposeAsync();

    [Fact]
    public async Task The_first_to_beat_then_takes_nobody_for_dead()
    {
        await BeatAsync(_two);
        Assert.False(_two.MayJudge);
        await BeatAsync(_one);
        for (var passed = TimeSpan.Zero; passed <= 2 * Lease; passed += Lease / 5)
            await BeatAsync(_one, _two);
        Assert.True(_two.MayJudge && _two.Living("one") is not null);
    }

    [Fact]
    public async Task What_the_others_have_begun_is_not_abandoned_before_the_next_beat_either()
    {
        Assert.True(_two.MayJudge);
        Assert.Empty(await new Claims(_database, _two).TakeAbandonedAsync(Stop));
    }

    private ServiceNodes Node(string id) => new(_database, new NodeIdentity(id, Guid.NewGuid(), "", "0"), _time, Lease);

    private async Task BeatAsync(params ServiceNodes[] nodes)
    {
        _time.Advance(Lease / 5);
        foreach (var node in nodes)
            await node.BeatAsync(Stop);
    }
}
