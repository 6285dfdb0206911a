using System.Net.Sockets;
using Dapper;
using Npgsql;

namespace Pressure.Chaos;

/// <summary>
/// The audit log of several nodes, in their database: one chain over all of them. While the database is away a line goes to this machine's own log
/// instead: what strikes needs the guards' book, which is away too, so these are undoings and stops.
/// </summary>
/// <param name="source">The database.</param>
/// <param name="node">This node's name.</param>
/// <param name="time">The clock.</param>
/// <param name="own">This machine's own log.</param>
public sealed class SharedAudit(NpgsqlDataSource source, string node, TimeProvider time, IAudit own) : IAudit
{
    private const long Key = 0x6175646974;

    /// <inheritdoc/>
    public async Task WriteAsync(AuditEntry entry, CancellationToken stop)
    {
        try
        {
            await using var connection = await source.OpenConnectionAsync(stop);
            await using var transaction = await connection.BeginTransactionAsync(stop);
            await connection.ExecuteAsync(new CommandDefinition("SET LOCAL lock_timeout = '20s'; SELECT pg_advisory_xact_lock(@Key)", new { Key }, cancellationToken: stop));
            var (lines, previous) = await connection.QuerySingleOrDefaultAsync<(long Lines, string? Hash)>("SELECT lines, hash FROM audit_head");
            var (line, hash) = AuditLine.Write(lines + 1, time.GetUtcNow(), entry with { Detail = entry.Detail.Length == 0 ? $"node {node}" : $"{entry.Detail}; node {node}" }, previous ?? AuditLine.Genesis);
            await connection.ExecuteAsync("INSERT INTO audit (n, node, line) VALUES (@n, @node, @line)", new { n = lines + 1, node, line });
            await connection.ExecuteAsync("INSERT INTO audit_head (id, lines, hash) VALUES (1, @n, @hash) ON CONFLICT (id) DO UPDATE SET lines = @n, hash = @hash", new { n = lines + 1, hash });
            await transaction.CommitAsync(CancellationToken.None);
        }
        catch (Exception e) when (IsOfDatabase(e))
        {
            await own.WriteAsync(entry, stop);
        }
    }

    /// <summary>The last lines, newest first.</summary>
    /// <exception cref="IOException">The database can't be used now.</exception>
    public async Task<IReadOnlyList<AuditLine>> LastAsync(int count, CancellationToken stop)
    {
        try
        {
            await using var connection = await source.OpenConnectionAsync(stop);
            var lines = await connection.QueryAsync<string>("SELECT line FROM audit ORDER BY n DESC LIMIT @count", new { count });
            return [.. lines.Select(line => AuditLine.Read(line, out _)).OfType<AuditLine>()];
        }
        catch (Exception e) when (IsOfDatabase(e))
        {
            throw Away(e);
        }
    }

    /// <summary>Walks the whole chain.</summary>
    /// <exception cref="IOException">The database can't be used now.</exception>
    public async Task<AuditVerdict> VerifyAsync(CancellationToken stop)
    {
        try
        {
            await using var connection = await source.OpenConnectionAsync(stop);
            var head = await connection.QuerySingleOrDefaultAsync<(long Lines, string? Hash)>("SELECT lines, hash FROM audit_head");
            var (number, hash) = (0L, AuditLine.Genesis);
            await foreach (var text in connection.QueryUnbufferedAsync<string>("SELECT line FROM audit WHERE n <= @Lines ORDER BY n", new { head.Lines }).WithCancellation(stop))
            {
                if (AuditLine.Read(text, out var why) is not { } line)
                    return new(number, hash, $"line {number + 1} breaks the chain: {why}");
                if (line.Number != number + 1 || line.Previous != hash)
                    return new(number, hash, $"line {number + 1} breaks the chain: it says that it is line {line.Number} and does not follow the one before");
                (number, hash) = (line.Number, line.Hash);
            }
            return new(number, hash, number < head.Lines ? $"the log ends with line {number}, and {head.Lines} were written" : head.Hash is not null && head.Hash != hash ? "its last line is not the one that was written last" : null);
        }
        catch (Exception e) when (IsOfDatabase(e))
        {
            throw Away(e);
        }
    }

    private static bool IsOfDatabase(Exception e) => e is NpgsqlException or TimeoutException or SocketException or ObjectDisposedException;

    private static IOException Away(Exception e) => new($"The audit log in the nodes' database can't be read: {e.Message}", e);
}
