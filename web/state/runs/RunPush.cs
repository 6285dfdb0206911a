using Dapper;
using Npgsql;
using Pressure.Record;

namespace Pressure.Web.State;

/// <summary>
/// Brings the run folders that this node writes into the database, a piece at a time: logs by what was added, other files whole when they have changed. What
/// could not be brought while the database was away is brought when it is back. One caller at a time.
/// </summary>
internal sealed class RunPush(string runsFolder, ServiceDatabase database, ServiceNodes nodes, TimeProvider time)
{
    private const int PieceBytes = 1 << 20;
    private const int MostPieces = 16;
    private static readonly TimeSpan Warm = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan LookAgain = TimeSpan.FromMinutes(1);

    private readonly Dictionary<string, Pushed> _runs = [];
    private readonly HashSet<string> _taken = [];

    /// <summary>Brings what is new; false if there is more, for which it is to be asked again at once.</summary>
    /// <exception cref="DatabaseAwayException">The database can't be used now.</exception>
    public async Task<bool> PushAsync(CancellationToken stop)
    {
        var complete = true;
        foreach (var folder in Directory.EnumerateDirectories(runsFolder).Where(f => MirroredFiles.IsRun(Path.GetFileName(f)) && RunFolder.Exists(f) && !RunCopy.Is(f)))
            complete &= await PushAsync(folder, stop);
        return complete;
    }

    /// <summary>Brings what is new of one run, however long ago it was looked at.</summary>
    public async Task FlushAsync(string folder, CancellationToken stop)
    {
        if (_runs.TryGetValue(Path.GetFileName(folder), out var known))
            known.LookedAt = null;
        while (!await PushAsync(folder, stop))
        {
        }
    }

    /// <summary>Notes that a run of this node is over, once all of it has been brought.</summary>
    public Task OverAsync(string id, CancellationToken stop) => database.DoAsync(
        connection => connection.ExecuteAsync(
            "UPDATE run SET over = true, changed = clock_timestamp(), change = pg_current_xact_id() WHERE id = @run AND node = @node AND NOT over", new { run = id, node = nodes.Own.Id }), stop);

    private async Task<bool> PushAsync(string folder, CancellationToken stop)
    {
        var id = Path.GetFileName(folder);
        if (!_runs.TryGetValue(id, out var known))
        {
            // Somebody took it over when this node was thought dead: theirs is what counts from now on.
            if (_taken.Contains(id))
                return true;
            if (await BeginAsync(id, stop) is not { } begun)
            {
                _taken.Add(id);
                return true;
            }
            _runs[id] = known = begun;
        }
        if (known.LookedAt is { } at && time.GetElapsedTime(at) < LookAgain && time.GetElapsedTime(known.ChangedAt) > Warm)
            return true;
        known.LookedAt = time.GetTimestamp();
        foreach (var file in MirroredFiles.Of(folder))
        {
            known.Files.TryGetValue(file.Name, out var before);
            if (before is not null && before.Length == file.Length && (MirroredFiles.IsLog(file.Name) || before.Written == file.LastWriteTimeUtc))
                continue;
            known.ChangedAt = time.GetTimestamp();
            var after = MirroredFiles.IsLog(file.Name) ? await AppendAsync(id, file, before, stop) : await RenewAsync(id, file, before, stop);
            if (after is null)
            {
                _runs.Remove(id);
                return true;
            }
            known.Files[file.Name] = after;
            if (MirroredFiles.IsLog(file.Name) && after.Length < file.Length)
                return false;
        }
        return true;
    }

    /// <summary>Takes note of what the database has of a run already; null if it is another node's.</summary>
    private Task<Pushed?> BeginAsync(string id, CancellationToken stop) => database.DoAsync(
        async connection =>
        {
            var own = nodes.Own;
            var mine = await connection.ExecuteAsync(
                """
                INSERT INTO run (id, node, incarnation) VALUES (@run, @node, @Incarnation)
                ON CONFLICT (id) DO UPDATE SET incarnation = @Incarnation, change = pg_current_xact_id() WHERE run.node = @node
                """,
                new { run = id, node = own.Id, own.Incarnation }) == 1;
            if (!mine)
                return null;
            var files = await connection.QueryAsync<(string Name, int Generation, long Length)>("SELECT name, generation, length FROM run_file WHERE run = @id", new { id });
            return new Pushed(time.GetTimestamp(), files.ToDictionary(f => f.Name, f => new PushedFile(f.Generation, f.Length, default)));
        },
        stop);

    private Task<PushedFile?> AppendAsync(string id, FileInfo file, PushedFile? before, CancellationToken stop) => DoAsync(id, async connection =>
    {
        // A log that is shorter than it was has lost a torn end: what is sound of it is brought again.
        var (generation, from) = before is null ? (1, 0L) : before.Length > file.Length ? (before.Generation + 1, 0L) : (before.Generation, before.Length);
        await NoteAsync(connection, id, file.Name, generation, from);
        var end = await PiecesAsync(connection, id, file, generation, from, MostPieces, stop);
        await NoteAsync(connection, id, file.Name, generation, end);
        return new PushedFile(generation, end, file.LastWriteTimeUtc);
    }, stop);

    private Task<PushedFile?> RenewAsync(string id, FileInfo file, PushedFile? before, CancellationToken stop) => DoAsync(id, async connection =>
    {
        var generation = (before?.Generation ?? 0) + 1;
        await NoteAsync(connection, id, file.Name, generation, 0);
        var end = await PiecesAsync(connection, id, file, generation, 0, int.MaxValue, stop);
        await NoteAsync(connection, id, file.Name, generation, end);
        return new PushedFile(generation, end, file.LastWriteTimeUtc);
    }, stop);

    private static async Task NoteAsync(NpgsqlConnection connection, string run, string name, int generation, long length)
    {
        await connection.ExecuteAsync(
            "INSERT INTO run_file (run, name, generation, length) VALUES (@run, @name, @generation, @length) ON CONFLICT (run, name) DO UPDATE SET generation = @generation, length = @length",
            new { run, name, generation, length });
        await connection.ExecuteAsync("DELETE FROM run_chunk WHERE run = @run AND name = @name AND generation < @generation", new { run, name, generation });
    }

    /// <summary>Brings pieces from a position on; returns the position behind them.</summary>
    private static async Task<long> PiecesAsync(NpgsqlConnection connection, string run, FileInfo file, int generation, long from, int most, CancellationToken stop)
    {
        await using var stream = new FileStream(file.FullName, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        stream.Seek(from, SeekOrigin.Begin);
        var buffer = new byte[PieceBytes];
        for (; most > 0; most--)
        {
            var count = await stream.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, stop);
            if (count == 0)
                break;
            await connection.ExecuteAsync(
                "INSERT INTO run_chunk (run, name, generation, position, bytes) VALUES (@run, @Name, @generation, @from, @bytes)", new { run, file.Name, generation, from, bytes = buffer[..count] });
            from += count;
        }
        return from;
    }

    /// <summary>Does something for a run of this node; null if it is this node's no more.</summary>
    private async Task<PushedFile?> DoAsync(string id, Func<NpgsqlConnection, Task<PushedFile>> what, CancellationToken stop)
    {
        var own = nodes.Own;
        return await database.DoAsync(
            async connection => await connection.ExecuteAsync(
                "UPDATE run SET changed = clock_timestamp(), change = pg_current_xact_id() WHERE id = @run AND node = @node AND incarnation = @Incarnation", new { run = id, node = own.Id, own.Incarnation }) == 1
                ? await what(connection) : null,
            stop);
    }

    private sealed class Pushed(long changedAt, Dictionary<string, PushedFile> files)
    {
        public long? LookedAt { get; set; }

        public long ChangedAt { get; set; } = changedAt;

        public Dictionary<string, PushedFile> Files { get; } = files;
    }

    private sealed record PushedFile(int Generation, long Length, DateTime Written);
}
