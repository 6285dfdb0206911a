using System.Text;
using System.Text.RegularExpressions;

namespace Pressure.Faults;

/// <summary>
/// The packet filters of a network, by <c>iptables</c> and <c>ip6tables</c>. Rules come and go all at once or not at all; one that goes is named
/// by its whole text and bears the fault's handle, so nobody else's is ever touched.
/// </summary>
internal static partial class PacketFilter
{
    /// <summary>Both.</summary>
    public static IReadOnlyList<IpFamily> Families { get; } = [IpFamily.V4, IpFamily.V6];

    /// <summary>A chain without rules in a table that a fault made: whoever takes the last fault's rules away takes the table away too.</summary>
    internal const string Mark = "pressure-new";

    private const int ChangedMeanwhile = 4;

    /// <summary>Whether a network has this filter.</summary>
    public static async Task<bool> HasAsync(NetworkPlace place, IpFamily family, CancellationToken stop) =>
        (await place.RunAsync(Program(family, "-save"), [], stop)).Code == 0;

    /// <summary>Puts rules in.</summary>
    /// <exception cref="FaultException">It did not work; then none is in of this family.</exception>
    public static async Task AddAsync(NetworkPlace place, string handle, DateTimeOffset deadline, IReadOnlyList<FilterRule> rules, CancellationToken stop)
    {
        foreach (var family in rules.GroupBy(r => r.Family))
            await ChangeAsync(place, family.Key, tables => Adding(tables, [.. family], handle, deadline), stop);
    }

    /// <summary>Takes out what bears the handle; how many rules that was.</summary>
    /// <exception cref="FaultException">It did not work.</exception>
    public static Task<int> RemoveAsync(NetworkPlace place, string handle, CancellationToken stop) => RemoveAsync(place, handle, "", stop);

    /// <summary>Takes out those that bear the handle and hold a text; how many rules that was.</summary>
    /// <exception cref="FaultException">It did not work.</exception>
    public static async Task<int> RemoveAsync(NetworkPlace place, string handle, string text, CancellationToken stop)
    {
        var removed = 0;
        foreach (var family in Families)
            removed += Lines(await ChangeAsync(place, family, tables => Removing(tables, handle, text), stop));
        return removed;

        static int Lines(string text) => text.Split('\n').Count(l => l.StartsWith("-D", StringComparison.Ordinal));
    }

    /// <summary>Takes away the tables that faults made and that nothing is in any more.</summary>
    public static async Task TidyAsync(NetworkPlace place, CancellationToken stop)
    {
        foreach (var family in Families)
        {
            foreach (var (name, table) in (await SavedAsync(place, family, stop)).Where(IsDone).ToList())
            {
                NetfilterTables.Remove(place, family, name, [.. table.Policies.Keys]);
                // The filter before nf_tables never takes a table away; at least nothing of ours is in it.
                await ChangeAsync(place, family, tables => tables.Where(IsDone).Any(t => t.Key == name) ? $"*{name}\n-X {Mark}\nCOMMIT\n" : "", stop);
            }
        }

        static bool IsDone(KeyValuePair<string, SavedTable> table) => table.Value is { IsOurs: true, IsEmpty: true };
    }

    /// <summary>Rules that bear the handle.</summary>
    public static async Task<IReadOnlyList<string>> ListAsync(NetworkPlace place, string handle, CancellationToken stop)
    {
        List<string> found = [];
        foreach (var family in Families)
            found.AddRange((await SavedAsync(place, family, stop)).Values.SelectMany(t => t.Rules).Where(r => Bears(r, handle)));
        return found;
    }

    private static string Adding(IReadOnlyDictionary<string, SavedTable> there, IReadOnlyList<FilterRule> rules, string handle, DateTimeOffset deadline)
    {
        var text = new StringBuilder();
        foreach (var table in rules.GroupBy(r => r.Table))
        {
            text.AppendLine($"*{table.Key}");
            if (!there.TryGetValue(table.Key, out var now) || now.IsOurs)
                text.AppendLine($":{Mark} - [0:0]");
            foreach (var rule in table)
                text.AppendLine(rule.Line(handle, deadline));
            text.AppendLine("COMMIT");
        }
        return text.ToString();
    }

    private static string Removing(IReadOnlyDictionary<string, SavedTable> there, string handle, string part)
    {
        var text = new StringBuilder();
        foreach (var (name, table) in there)
        {
            if (table.Rules.Where(r => Bears(r, handle) && r.Contains(part, StringComparison.Ordinal)).ToList() is { Count: > 0 } ours)
                text.AppendLine($"*{name}").AppendJoin('\n', ours.Select(r => "-D" + r[2..])).AppendLine().AppendLine("COMMIT");
        }
        return text.ToString();
    }

    /// <summary>Makes a change of what is there; what was changed.</summary>
    private static async Task<string> ChangeAsync(NetworkPlace place, IpFamily family, Func<IReadOnlyDictionary<string, SavedTable>, string> change, CancellationToken stop)
    {
        // Somebody may change them between the look and the change, above all another fault that ends: then nothing has been done, and it looks again.
        for (var attempts = 20; ; attempts--)
        {
            var text = change(await SavedAsync(place, family, stop));
            if (text.Length == 0)
                return text;
            var result = await place.RunAsync(Program(family, "-restore"), ["--noflush", "--wait", "10"], stop, text);
            if (result.Code == 0)
                return text;
            if (result.Code != ChangedMeanwhile || attempts == 0)
                throw new FaultException($"{Program(family, "-restore")} ended with {result.Code}: {result.Error.ReplaceLineEndings(" ")}");
        }
    }

    private static bool Bears(string rule, string handle) => CommentText().Match(rule) is { Success: true } match && match.Groups[1].Value == handle;

    /// <summary>A filter that can't be read, since there is none of its kind, has nothing of ours.</summary>
    private static async Task<IReadOnlyDictionary<string, SavedTable>> SavedAsync(NetworkPlace place, IpFamily family, CancellationToken stop)
    {
        if (family == IpFamily.V4)
            return SavedTable.Read(await place.DoAsync(Program(family, "-save"), [], stop));
        var saved = await place.RunAsync(Program(family, "-save"), [], stop);
        return SavedTable.Read(saved.Code == 0 ? saved.Output : "");
    }

    private static string Program(IpFamily family, string what) => (family == IpFamily.V6 ? "ip6tables" : "iptables") + what;

    [GeneratedRegex("--comment \"?pressure:([0-9a-f]{12})\"?(?: |$)")]
    private static partial Regex CommentText();
}
