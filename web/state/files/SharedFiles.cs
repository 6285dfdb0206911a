using Dapper;
using Npgsql;
using Pressure.Chaos;
using Pressure.Record;

namespace Pressure.Web.State;

/// <summary>
/// Small files that every node has on its own disk, and that change in the database first:
/// <code>
/// Change -> row locked, changed, revision + 1 -> own disk          the others: PullAsync -> their disks -> Changed
/// </code>
/// So each node reads its disk, as a single one does, and goes on with what it has while the database is away; only changing has to wait. Thread-safe.
/// </summary>
/// <param name="root">The folder of runs.</param>
/// <param name="database">The nodes' database.</param>
/// <param name="node">This node's name.</param>
public sealed class SharedFiles(string root, ServiceDatabase database, string node) : IKeptFiles
{
    private readonly Lock _disk = new();
    private readonly Dictionary<string, long> _revisions = [];
    private readonly HashSet<string> _untold = [];
    private long _from;

    /// <summary>Tells the name of a file that another node has changed, when it is on this disk.</summary>
    public event Action<string>? Changed;

    /// <inheritdoc/>
    public void Change(string path, Func<string?, string?> change)
    {
        var name = Path.GetRelativePath(root, Path.GetFullPath(path)).Replace('\\', '/');
        if (!SharedPlaces.Contain(name))
            throw new ArgumentException($"{name} is not shared.", nameof(path));
        var (text, revision) = database.Do(connection =>
        {
            connection.Execute("SELECT pg_advisory_xact_lock(hashtextextended(@name, 5))", new { name });
            var (known, at) = connection.QuerySingleOrDefault<(string? Text, long Revision)>("SELECT text, revision FROM shared_file WHERE name = @name", new { name });
            var after = change(known);
            if (after?.Length > SharedPlaces.MostBytes)
                throw new IOException($"{name} has more than {SharedPlaces.MostBytes >> 10} KiB, which is more than nodes share.");
            if (after == known)
                return (after, at);
            connection.Execute(
                """
                INSERT INTO shared_file (name, text, revision, node) VALUES (@name, @after, @next, @node)
                ON CONFLICT (name) DO UPDATE SET text = @after, revision = @next, node = @node, changed = clock_timestamp(), change = pg_current_xact_id()
                """,
                new { name, after, next = at + 1, node });
            return (after, at + 1);
        });
        Apply(name, text, revision);
    }

    /// <summary>Puts what is on this disk alone into the database: what a machine had before it became one of several.</summary>
    /// <exception cref="DatabaseAwayException">The database can't be used now.</exception>
    public async Task OfferAsync(CancellationToken stop = default)
    {
        List<(string Name, string Text)> offered = [];
        foreach (var name in SharedPlaces.Find(root))
        {
            if (new FileInfo(Path.Combine(root, name)).Length <= SharedPlaces.MostBytes)
                offered.Add((name, await File.ReadAllTextAsync(Path.Combine(root, name), stop)));
        }
        await database.DoAsync(
            connection => connection.ExecuteAsync("INSERT INTO shared_file (name, text, revision, node) VALUES (@Name, @Text, 1, @node) ON CONFLICT (name) DO NOTHING", offered.Select(o => new { o.Name, o.Text, node })), stop);
    }

    /// <summary>Brings this disk up to what others have changed. One caller at a time.</summary>
    /// <exception cref="DatabaseAwayException">The database can't be used now.</exception>
    /// <exception cref="IOException">The disk can't be written.</exception>
    public async Task PullAsync(CancellationToken stop = default)
    {
        var (rows, next) = await database.DoAsync(connection => ReadAsync(connection, _from), stop);
        // The database was set up anew, or from a backup: everything is asked for again.
        if (next < _from)
            (rows, next) = await database.DoAsync(connection => ReadAsync(connection, 0), stop);
        try
        {
            foreach (var (name, text, revision) in rows.Where(r => SharedPlaces.Contain(r.Name)))
            {
                if (Apply(name, text, revision))
                    _untold.Add(name);
            }
            _from = next;
        }
        finally
        {
            // Also when a file after them can't be written: the next time these are no news any more.
            TellChanged();
        }
    }

    private void TellChanged()
    {
        foreach (var name in _untold.ToList())
        {
            Changed?.Invoke(name);
            _untold.Remove(name);
        }
    }

    private static async Task<(List<(string Name, string? Text, long Revision)> Rows, long Next)> ReadAsync(NpgsqlConnection connection, long from)
    {
        var next = await connection.ExecuteScalarAsync<long>("SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint");
        var rows = await connection.QueryAsync<(string Name, string? Text, long Revision)>("SELECT name, text, revision FROM shared_file WHERE change >= @from::text::xid8 ORDER BY change, name", new { from });
        return ([.. rows], next);
    }

    /// <summary>Writes a file unless this disk has it as new already; whether that changed anything.</summary>
    private bool Apply(string name, string? text, long revision)
    {
        lock (_disk)
        {
            if (_revisions.GetValueOrDefault(name) >= revision)
                return false;
            var path = Path.Combine(root, name);
            var before = File.Exists(path) ? File.ReadAllText(path) : null;
            if (before is not null && SharedPlaces.IsOfAuthority(name))
                return false;
            if (text is null)
                File.Delete(path);
            else if (text != before)
            {
                Pressure.Web.Hosting.PrivateFolder.Ensure(Path.GetDirectoryName(path)!);
                WholeFile.WriteSecret(path, text);
            }
            _revisions[name] = revision;
            return text != before;
        }
    }
}
