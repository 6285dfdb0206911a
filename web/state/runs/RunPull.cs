using Dapper;
using Npgsql;
using Pressure.Record;
using Pressure.Web.Hosting;

namespace Pressure.Web.State;

/// <summary>Brings this disk up to what other nodes have written of their runs, so that lists, pages and reports find every run where they always look. One caller at a time.</summary>
internal sealed class RunPull(string runsFolder, ServiceDatabase database, ServiceNodes nodes)
{
    private const int MostPieces = 16;
    private long _from;

    /// <summary>Brings what is new, and tells of every run of another node that has changed.</summary>
    /// <param name="goesOn">Whether a run goes on in this process.</param>
    /// <param name="told">Takes note of a run.</param>
    /// <param name="stop">Gives up.</param>
    /// <exception cref="DatabaseAwayException">The database can't be used now.</exception>
    /// <exception cref="IOException">The disk can't be written.</exception>
    public async Task PullAsync(Func<string, bool> goesOn, Action<OtherRun> told, CancellationToken stop)
    {
        var (runs, next) = await database.DoAsync(connection => ReadAsync(connection, _from), stop);
        if (next < _from)
            (runs, next) = await database.DoAsync(connection => ReadAsync(connection, 0), stop);
        foreach (var run in runs.Where(r => MirroredFiles.IsRun(r.Id)))
        {
            // One that was taken over while this node was thought dead, and goes on here, stays as it is: its writer has the files.
            if (run.Node == nodes.Own.Id || goesOn(run.Id))
                continue;
            // Its node may have come since this one's last heartbeat.
            if (!run.Over && nodes.Living(run.Node, run.Incarnation) is null)
                await nodes.BeatAsync(stop);
            // Told first: a folder that is there already must not be taken for one of this node's, whose writer is dead.
            told(run);
            await FetchAsync(run, stop);
        }
        _from = next;
    }

    /// <summary>Brings this disk up to what the database has of one run.</summary>
    public async Task FetchAsync(OtherRun run, CancellationToken stop)
    {
        var files = await database.DoAsync(connection => connection.QueryAsync<(string Name, int Generation, long Length)>("SELECT name, generation, length FROM run_file WHERE run = @Id", new { run.Id }), stop);
        var folder = Path.Combine(runsFolder, run.Id);
        // What was this node's own before another took it over may have a tail that nobody else has seen: it is put aside, never cut.
        if (RunFolder.Exists(folder) && !RunCopy.Is(folder))
            Directory.Move(folder, Path.Combine(PrivateFolder.Ensure(Path.Combine(runsFolder, ".taken")).FullName, $"{run.Id}-{Guid.NewGuid():n}"));
        Directory.CreateDirectory(folder);
        var copy = RunCopy.Read(folder);
        if (copy.Node != run.Node)
            (copy = copy with { Node = run.Node }).Write(folder);
        foreach (var (name, generation, length) in files.Where(f => MirroredFiles.IsName(f.Name) && f.Length <= MirroredFiles.MostBytes).OrderBy(f => MirroredFiles.Order(f.Name)))
        {
            var known = copy.Files.GetValueOrDefault(name);
            if (known == generation && !MirroredFiles.IsLog(name))
                continue;
            var whole = MirroredFiles.IsLog(name)
                ? await FollowAsync(run.Id, folder, name, generation, known == generation ? LengthOf(folder, name) : 0, length, stop)
                : await ReplaceAsync(run.Id, folder, name, generation, length, stop);
            if (!whole || known == generation)
                continue;
            copy.Files[name] = generation;
            copy.Write(folder);
        }
    }

    private static long LengthOf(string folder, string name) => new FileInfo(Path.Combine(folder, name)) is { Exists: true } file ? file.Length : 0;

    private static async Task<(List<OtherRun> Runs, long Next)> ReadAsync(NpgsqlConnection connection, long from)
    {
        var next = await connection.ExecuteScalarAsync<long>("SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint");
        var runs = await connection.QueryAsync<OtherRun>("SELECT id, node, incarnation, over FROM run WHERE change >= @from::text::xid8 ORDER BY id DESC", new { from });
        return ([.. runs], next);
    }

    /// <summary>Adds what a log has grown by.</summary>
    private async Task<bool> FollowAsync(string run, string folder, string name, int generation, long have, long length, CancellationToken stop)
    {
        await using var file = new FileStream(Path.Combine(folder, name), FileMode.OpenOrCreate, FileAccess.Write, FileShare.Read | FileShare.Delete);
        // Longer than what its owner has brought: a tail that nobody else ever saw.
        file.SetLength(Math.Min(file.Length, have = Math.Min(have, length)));
        file.Seek(0, SeekOrigin.End);
        return await CopyAsync(run, name, generation, have, length, file, stop);
    }

    private async Task<bool> ReplaceAsync(string run, string folder, string name, int generation, long length, CancellationToken stop)
    {
        var draft = Path.Combine(folder, name + ".tmp");
        var whole = false;
        await using (var file = new FileStream(draft, FileMode.Create, FileAccess.Write))
            whole = await CopyAsync(run, name, generation, 0, length, file, stop);
        if (whole)
            File.Move(draft, Path.Combine(folder, name), overwrite: true);
        else
            File.Delete(draft);
        return whole;
    }

    /// <summary>Copies the bytes from one position to another; false if they are not all there any more, since there is a newer generation.</summary>
    private async Task<bool> CopyAsync(string run, string name, int generation, long from, long to, FileStream file, CancellationToken stop)
    {
        while (from < to)
        {
            var pieces = (await database.DoAsync(connection => connection.QueryAsync<(long Position, byte[] Bytes)>(
                "SELECT position, bytes FROM run_chunk WHERE run = @run AND name = @name AND generation = @generation AND position + length(bytes) > @from AND position < @to ORDER BY position LIMIT @MostPieces",
                new { run, name, generation, from, to, MostPieces }), stop)).ToList();
            if (pieces.Count == 0 || pieces[0].Position > from)
                return false;
            foreach (var (position, bytes) in pieces)
            {
                if (position > from)
                    return false;
                await file.WriteAsync(bytes.AsMemory((int)(from - position)), stop);
                from = position + bytes.Length;
            }
        }
        return true;
    }
}

/// <summary>A run as the database has it.</summary>
/// <param name="Id">The run folder's name.</param>
/// <param name="Node">Whoever writes it.</param>
/// <param name="Incarnation">The process of it.</param>
/// <param name="Over">Whether it has been brought to its end.</param>
internal sealed record OtherRun(string Id, string Node, Guid Incarnation, bool Over);
