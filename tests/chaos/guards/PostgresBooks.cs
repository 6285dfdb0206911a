using Dapper;
using Npgsql;

namespace Pressure.Chaos.Tests.Guards;

/// <summary>One PostgreSQL for the books of these tests; each book has a schema of its own.</summary>
public sealed class PostgresBooks : IAsyncLifetime
{
    public const string Name = "postgres books";

    private readonly List<NpgsqlDataSource> _sources = [];
    private PostgresServer _server = null!;
    private int _schemas;

    public async ValueTask InitializeAsync() => _server = await PostgresServer.StartAsync();

    public async ValueTask DisposeAsync()
    {
        foreach (var source in _sources)
            await source.DisposeAsync();
        await _server.DisposeAsync();
    }

    /// <summary>Opens books by their folder: the same folder is the same book.</summary>
    internal OpenBook Open()
    {
        Dictionary<string, NpgsqlDataSource> known = [];
        return (folder, clock, audit, boot) =>
        {
            if (!known.TryGetValue(folder, out var source))
                known[folder] = source = NewSource();
            return GuardBook.OpenShared(folder, source, new SharedBookClock(clock, boot, clock.GetUtcNow), audit);
        };
    }

    /// <summary>A database with the tables and nothing in them.</summary>
    internal NpgsqlDataSource NewSource()
    {
        var schema = $"book{Interlocked.Increment(ref _schemas)}";
        var source = NpgsqlDataSource.Create($"Host=127.0.0.1;Port={_server.Port};Username=pressure;Password=secret;Database=postgres;SearchPath={schema};MaxPoolSize=8");
        lock (_sources)
            _sources.Add(source);
        using var connection = source.OpenConnection();
        connection.Execute($"CREATE SCHEMA {schema}");
        using var script = new StreamReader(typeof(PostgresBooks).Assembly.GetManifestResourceStream("002-guards.sql")!);
        connection.Execute(script.ReadToEnd());
        return source;
    }
}

[CollectionDefinition(PostgresBooks.Name)]
public sealed class PostgresBooksCollection : ICollectionFixture<PostgresBooks>;

[Collection(PostgresBooks.Name)]
public sealed class SharedBudgetTests(PostgresBooks books) : BudgetSuite
{
    private protected override OpenBook Open { get; } = books.Open();
}

[Collection(PostgresBooks.Name)]
public sealed class SharedGuardBookTests(PostgresBooks books) : GuardBookSuite
{
    private protected override OpenBook Open { get; } = books.Open();
}

[Collection(PostgresBooks.Name)]
public sealed class SharedGuardBookLookTests(PostgresBooks books) : GuardBookLookSuite
{
    private protected override OpenBook Open { get; } = books.Open();
}
