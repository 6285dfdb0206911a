using Dapper;
using Pressure.Web.State;

namespace Pressure.Web.Tests.State;

[Collection(PostgresCollection.Name)]
public sealed class ServiceDatabaseTests(PostgresFixture postgres)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Many_nodes_that_start_at_once_make_the_tables_once()
    {
        var address = await postgres.NewAsync();
        var opened = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => ServiceDatabase.OpenAsync(address, Stop), Stop)));
        var versions = await opened[0].DoAsync(c => c.QueryAsync<int>("SELECT version FROM migration ORDER BY version"), Stop);
        Assert.Equal(Enumerable.Range(1, Migrations.Newest), versions);
        foreach (var database in opened)
            await database.DisposeAsync();
    }

    [Fact]
    public async Task Tables_of_a_later_version_are_refused_with_both_versions()
    {
        var address = await postgres.NewAsync();
        await using (var database = await ServiceDatabase.OpenAsync(address, Stop))
            await database.DoAsync(c => c.ExecuteAsync("INSERT INTO migration (version, name, program) VALUES (999, 'later', '9.9.9')"), Stop);
        var refused = await Assert.ThrowsAsync<IOException>(() => ServiceDatabase.OpenAsync(address, Stop));
        Assert.Contains("version 999 (made by Pressure 9.9.9)", refused.Message);
        Assert.Contains($"knows version {Migrations.Newest}", refused.Message);
    }

    [Fact]
    public async Task A_script_that_fails_leaves_nothing_of_itself()
    {
        var address = await postgres.NewAsync();
        await using var database = await ServiceDatabase.OpenAsync(address, Stop);
        await using (var connection = await database.Source.OpenConnectionAsync(Stop))
        {
            Migrations.Script[] scripts = [new(Migrations.Newest + 1, "bad", "CREATE TABLE half (n int); SELECT 1 / 0")];
            await Assert.ThrowsAnyAsync<Npgsql.PostgresException>(() => Migrations.ApplyAsync(connection, "here", scripts, Stop));
        }
        Assert.Equal(Migrations.Newest, await database.DoAsync(c => c.ExecuteScalarAsync<int>("SELECT max(version) FROM migration"), Stop));
        Assert.False(await database.DoAsync(c => c.ExecuteScalarAsync<bool>("SELECT to_regclass('half') IS NOT NULL"), Stop));
    }

    [Theory]
    [InlineData("postgres://pressure:wrong@127.0.0.1:{0}/postgres?sslmode=disable", "right user and password")]
    [InlineData("postgres://pressure:secret@127.0.0.1:{0}/nowhere?sslmode=disable", "createdb")]
    [InlineData("postgres://pressure:secret@127.0.0.1:1/postgres?sslmode=disable", "Start it, or correct --database")]
    [InlineData("postgres://pressure:secret@127.0.0.1:{0}/postgres?sslmode=require", "can't be used")]
    public async Task A_start_without_the_database_says_what_to_do(string text, string remedy)
    {
        var address = DatabaseAddress.Parse(string.Format(null, text, postgres.Server.Port), null).Address!;
        var refused = await Assert.ThrowsAsync<IOException>(() => ServiceDatabase.OpenAsync(address, Stop));
        Assert.Contains(remedy, refused.Message);
        Assert.DoesNotContain("secret", refused.Message);
    }

    [Fact]
    public async Task Alone_is_alone_until_it_ends()
    {
        await using var database = await ServiceDatabase.OpenAsync(await postgres.NewAsync(), Stop);
        var inside = 0;
        await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => Task.Run(
            async () =>
            {
                await using var alone = await database.AloneAsync("test", Stop);
                Assert.Equal(1, Interlocked.Increment(ref inside));
                await Task.Delay(10, Stop);
                Interlocked.Decrement(ref inside);
            },
            Stop)));
    }
}
