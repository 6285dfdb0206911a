using System.Reflection;
using System.Text.RegularExpressions;
using Dapper;
using Npgsql;

namespace Pressure.Web.State;

/// <summary>
/// Brings the tables to what this version needs, script by script (<c>migrations/NNN-what.sql</c>), each in a transaction with the note that it was done.
/// Nodes that start at once do it one after the other, so that the second finds nothing left to do.
/// </summary>
internal static partial class Migrations
{
    /// <summary>Any number that nothing else in the database takes for the same: "pressure" in ASCII.</summary>
    private const long Key = 0x7072657373757265;

    /// <summary>The version of the tables that this program needs.</summary>
    public static int Newest => Scripts().Max(s => s.Version);

    /// <exception cref="IOException">A later version has its tables there.</exception>
    /// <exception cref="NpgsqlException">The database can't do it.</exception>
    public static Task ApplyAsync(NpgsqlConnection connection, string place, CancellationToken stop) => ApplyAsync(connection, place, Scripts(), stop);

    internal static async Task ApplyAsync(NpgsqlConnection connection, string place, IReadOnlyList<Script> scripts, CancellationToken stop)
    {
        await connection.ExecuteAsync(new CommandDefinition("SET lock_timeout = '120s'; SELECT pg_advisory_lock(@Key)", new { Key }, commandTimeout: 130, cancellationToken: stop));
        try
        {
            await connection.ExecuteAsync($"CREATE SCHEMA IF NOT EXISTS {ServiceDatabase.Schema}; CREATE TABLE IF NOT EXISTS migration (version int PRIMARY KEY, name text NOT NULL, program text NOT NULL, done timestamptz NOT NULL DEFAULT now())");
            var found = await connection.QuerySingleAsync<(int Version, string? Program)>("SELECT coalesce(max(version), 0), max(program) FROM migration WHERE version = (SELECT max(version) FROM migration)");
            var newest = scripts.Max(s => s.Version);
            if (found.Version > newest)
                throw new IOException($"The tables in {place} have version {found.Version} (made by Pressure {found.Program}), and this program ({Program}) knows version {newest}. Start the later version, or name another database.");
            foreach (var script in scripts.Where(s => s.Version > found.Version).OrderBy(s => s.Version))
                await ApplyAsync(connection, script, stop);
        }
        finally
        {
            await connection.ExecuteAsync("SELECT pg_advisory_unlock(@Key); RESET lock_timeout", new { Key });
        }
    }

    private static string Program => typeof(Migrations).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "0";

    private static async Task ApplyAsync(NpgsqlConnection connection, Script script, CancellationToken stop)
    {
        await using var transaction = await connection.BeginTransactionAsync(stop);
        await connection.ExecuteAsync(new CommandDefinition(script.Text, commandTimeout: 600, cancellationToken: stop));
        await connection.ExecuteAsync("INSERT INTO migration (version, name, program) VALUES (@Version, @Name, @program)", new { script.Version, script.Name, program = Program });
        await transaction.CommitAsync(stop);
    }

    private static IReadOnlyList<Script> Scripts() =>
    [
        .. from resource in typeof(Migrations).Assembly.GetManifestResourceNames()
           let name = Name().Match(resource)
           where name.Success
           select new Script(int.Parse(name.Groups[1].Value), resource, Text(resource)),
    ];

    private static string Text(string resource)
    {
        using var reader = new StreamReader(typeof(Migrations).Assembly.GetManifestResourceStream(resource)!);
        return reader.ReadToEnd();
    }

    [GeneratedRegex(@"^(\d{3})-[a-z-]+\.sql$")]
    private static partial Regex Name();

    /// <summary>A step from one version of the tables to the next.</summary>
    internal sealed record Script(int Version, string Name, string Text);
}
