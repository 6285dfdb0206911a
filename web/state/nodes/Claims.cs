using Dapper;

namespace Pressure.Web.State;

/// <summary>
/// Who begins what is due. A moment of a schedule is a row, and its key lets one node alone insert it: however many ring, and however their clocks differ, it is
/// begun once. What goes on over time (a monkey) is a lease instead.
/// </summary>
/// <param name="database">The nodes' database.</param>
/// <param name="nodes">The nodes.</param>
public sealed class Claims(ServiceDatabase database, ServiceNodes nodes)
{
    /// <summary>How long what was claimed is remembered: longer than any node could be late for a moment.</summary>
    private static readonly TimeSpan Remembered = TimeSpan.FromDays(8);

    /// <summary>Tries to get a moment for this node.</summary>
    /// <exception cref="DatabaseAwayException">The database can't be used now.</exception>
    public Task<ClaimAnswer> TryAsync(string what, DateTimeOffset at, CancellationToken stop = default) => database.DoAsync(
        async connection =>
        {
            var own = nodes.Own;
            // One after the other for the same thing, so that two moments of it don't both find the other not yet begun.
            await connection.ExecuteAsync("SELECT pg_advisory_xact_lock(hashtextextended(@what, 11))", new { what });
            var mine = await connection.ExecuteAsync(
                """
                INSERT INTO claim (what, at, node, incarnation)
                SELECT @what, @at, @Id, @Incarnation WHERE EXISTS (SELECT FROM node WHERE id = @Id AND incarnation = @Incarnation AND lease_until > clock_timestamp())
                ON CONFLICT DO NOTHING
                """,
                new { what, at = at.UtcDateTime, own.Id, own.Incarnation }) == 1;
            if (!mine)
                return ClaimAnswer.Others;
            await connection.ExecuteAsync("DELETE FROM claim WHERE claimed < clock_timestamp() - @Remembered AND done IS NOT NULL", new { Remembered });
            var before = await connection.ExecuteScalarAsync<bool>(
                """
                SELECT EXISTS (SELECT FROM claim LEFT JOIN run ON run.id = claim.run AND NOT run.over
                               JOIN node ON (node.id = claim.node AND node.incarnation = claim.incarnation) OR (node.id = run.node AND node.incarnation = run.incarnation)
                               WHERE claim.what = @what AND claim.at <> @at AND claim.done IS NULL AND node.lease_until > clock_timestamp())
                """,
                new { what, at = at.UtcDateTime });
            return before ? ClaimAnswer.StillRunning : ClaimAnswer.Mine;
        },
        stop);

    /// <summary>Notes the run or drill that was begun.</summary>
    /// <exception cref="DatabaseAwayException">The database can't be used now.</exception>
    public Task BegunAsync(string what, DateTimeOffset at, string run, CancellationToken stop = default) => database.DoAsync(
        connection => connection.ExecuteAsync("UPDATE claim SET run = @run WHERE what = @what AND at = @at", new { what, at = at.UtcDateTime, run }), stop);

    /// <summary>Notes that what was begun is over.</summary>
    /// <exception cref="DatabaseAwayException">The database can't be used now.</exception>
    public Task DoneAsync(string what, DateTimeOffset at, CancellationToken stop = default) => database.DoAsync(
        connection => connection.ExecuteAsync("UPDATE claim SET done = clock_timestamp() WHERE what = @what AND at = @at", new { what, at = at.UtcDateTime }), stop);

    /// <summary>
    /// Takes over, one by one, what nodes that are dead had begun and not brought to an end: each is told to one node alone. What has a record is told when
    /// that is over, to the node that brought it to its end, or to any if that one is dead too.
    /// </summary>
    /// <exception cref="DatabaseAwayException">The database can't be used now.</exception>
    public async Task<IReadOnlyList<AbandonedClaim>> TakeAbandonedAsync(CancellationToken stop = default) => !nodes.MayJudge ? [] : await database.DoAsync<IReadOnlyList<AbandonedClaim>>(
        async connection =>
        [
            .. (await connection.QueryAsync<(string What, DateTime At, string Node, string? Run)>(
                """
                UPDATE claim SET done = clock_timestamp() WHERE (what, at) IN (
                    SELECT what, at FROM claim LEFT JOIN node ON node.id = claim.node AND node.incarnation = claim.incarnation AND node.lease_until > clock_timestamp()
                    LEFT JOIN run ON run.id = claim.run
                    WHERE done IS NULL AND node.id IS NULL AND claim.incarnation <> ALL(@living) AND (run.id IS NULL OR (run.over AND (run.node = @Id OR NOT EXISTS (
                        SELECT FROM node AS owner WHERE owner.id = run.node AND owner.lease_until > clock_timestamp()))))
                    FOR UPDATE OF claim SKIP LOCKED)
                RETURNING what, at, node, run
                """,
                // Who was alive at the last heartbeat is not dead a moment later, whatever the database's clock says now.
                new { nodes.Own.Id, living = nodes.All.Where(n => n.Alive).Select(n => n.Incarnation).ToArray() })).Select(c => new AbandonedClaim(c.What, new(c.At), c.Node, c.Run)),
        ],
        stop);

    /// <summary>Gets or renews the lease of what goes on; false if another living node has it.</summary>
    /// <exception cref="DatabaseAwayException">The database can't be used now.</exception>
    public Task<bool> HoldAsync(string what, CancellationToken stop = default) => database.DoAsync(
        async connection => await connection.ExecuteAsync(
            """
            INSERT INTO lease (what, node, incarnation, until) VALUES (@what, @Id, @Incarnation, clock_timestamp() + @Lease)
            ON CONFLICT (what) DO UPDATE SET node = @Id, incarnation = @Incarnation, until = clock_timestamp() + @Lease
            WHERE (lease.node = @Id AND lease.incarnation = @Incarnation) OR lease.until < clock_timestamp()
            """,
            new { what, nodes.Own.Id, nodes.Own.Incarnation, nodes.Lease }) == 1,
        stop);

    /// <summary>Gives a lease back.</summary>
    /// <exception cref="DatabaseAwayException">The database can't be used now.</exception>
    public Task ReleaseAsync(string what, CancellationToken stop = default) => database.DoAsync(
        connection => connection.ExecuteAsync("DELETE FROM lease WHERE what = @what AND node = @Id AND incarnation = @Incarnation", new { what, nodes.Own.Id, nodes.Own.Incarnation }), stop);
}

/// <summary>What came of a claim.</summary>
public enum ClaimAnswer
{
    /// <summary>This node begins it.</summary>
    Mine,

    /// <summary>Another one does, or this one's lease is over.</summary>
    Others,

    /// <summary>The moment is this node's, but the one before is still going on at a living node.</summary>
    StillRunning,
}

/// <summary>Something that a node which is dead had begun.</summary>
/// <param name="What">What it is.</param>
/// <param name="At">The moment.</param>
/// <param name="Node">The node.</param>
/// <param name="Run">The run or drill that it had begun; null if it had not come so far.</param>
public sealed record AbandonedClaim(string What, DateTimeOffset At, string Node, string? Run = null);
