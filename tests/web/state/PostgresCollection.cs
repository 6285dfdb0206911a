using Pressure.TestKit;
using Pressure.Web.State;

namespace Pressure.Web.Tests.State;

/// <summary>One PostgreSQL for the tests of what nodes share; each takes a database of its own.</summary>
public sealed class PostgresFixture : IAsyncLifetime
{
    private int _databases;

    internal PostgresServer Server { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Server = await PostgresServer.StartAsync();

    public ValueTask DisposeAsync() => Server.DisposeAsync();

    /// <summary>An empty database.</summary>
    internal async Task<DatabaseAddress> NewAsync() =>
        DatabaseAddress.Parse(await Server.CreateDatabaseAsync($"test{Interlocked.Increment(ref _databases)}"), null).Address!;
}

[CollectionDefinition(Name)]
public sealed class PostgresCollection : ICollectionFixture<PostgresFixture>
{
    public const string Name = "postgres";
}
