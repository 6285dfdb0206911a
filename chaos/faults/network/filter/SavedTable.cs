namespace Pressure.Faults;

/// <summary>A table as <c>iptables-save</c> writes it.</summary>
internal sealed class SavedTable
{
    private readonly Dictionary<string, string> _policies = [];
    private readonly List<string> _chains = [];
    private readonly List<string> _rules = [];

    /// <summary>The kernel's own chains with what becomes of packets at their end.</summary>
    public IReadOnlyDictionary<string, string> Policies => _policies;

    /// <summary>Rules, each as the line that would add it.</summary>
    public IReadOnlyList<string> Rules => _rules;

    /// <summary>Whether a fault made it.</summary>
    public bool IsOurs => _chains.Contains(PacketFilter.Mark);

    /// <summary>Whether nothing is in it but the mark.</summary>
    public bool IsEmpty => _rules.Count == 0 && _chains.All(c => c == PacketFilter.Mark) && _policies.Values.All(p => p == "ACCEPT");

    /// <summary>Reads all tables, by name.</summary>
    public static IReadOnlyDictionary<string, SavedTable> Read(string text)
    {
        Dictionary<string, SavedTable> tables = [];
        var table = new SavedTable();
        foreach (var line in text.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            if (line[0] == '*')
                tables[line[1..]] = table = new SavedTable();
            else if (line[0] == ':' && line[1..].Split(' ') is [var chain, var policy, ..])
                table.Add(chain, policy);
            else if (line.StartsWith("-A ", StringComparison.Ordinal))
                table._rules.Add(line);
        }
        return tables;
    }

    private void Add(string chain, string policy)
    {
        if (policy == "-")
            _chains.Add(chain);
        else
            _policies[chain] = policy;
    }
}
