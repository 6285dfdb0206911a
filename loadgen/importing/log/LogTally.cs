namespace Pressure.LoadGen.Importing;

/// <summary>What was counted of one host.</summary>
internal sealed record LogTally(string Host)
{
    public LogPatterns Patterns { get; } = new();

    public LogClock Clock { get; } = new();

    public long Requests { get; set; }
}

/// <summary>Tallies by host, bounded in number; logs without hosts have one.</summary>
internal sealed class LogTallies
{
    private const int MostHosts = 16;

    private readonly Dictionary<string, LogTally> _byHost = new(StringComparer.OrdinalIgnoreCase);
    private LogTally? _latest;

    public IReadOnlyList<LogTally> ByWeight => [.. _byHost.Values.OrderByDescending(t => t.Requests).ThenBy(t => t.Host, StringComparer.Ordinal)];

    /// <summary>The tally of a host; null for one beyond the bound.</summary>
    public LogTally? Of(ReadOnlySpan<byte> host)
    {
        if (_latest is not null && Equal(host, _latest.Host))
            return _latest;
        var name = System.Text.Encoding.Latin1.GetString(host);
        if (!_byHost.TryGetValue(name, out var tally) && _byHost.Count < MostHosts)
            _byHost.Add(name, tally = new(name));
        return _latest = tally;
    }

    private static bool Equal(ReadOnlySpan<byte> bytes, string text)
    {
        if (bytes.Length != text.Length)
            return false;
        for (var i = 0; i < bytes.Length; i++)
        {
            if (bytes[i] != text[i])
                return false;
        }
        return true;
    }
}
