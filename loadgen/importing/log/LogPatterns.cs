namespace Pressure.LoadGen.Importing;

/// <summary>Requests of one method and pattern: how many, and a fair sample of their URLs.</summary>
internal sealed class LogPattern(string name)
{
    /// <summary>Samples kept; of each pattern a plan shows at most so many URLs.</summary>
    public const int MostSamples = 16;

    private readonly List<string> _samples = new(1);

    /// <summary>Method and pattern: <c>GET /item/{id}</c>.</summary>
    public string Name => name;

    public long Count { get; private set; }

    /// <summary>Distinct URLs with the number of samples that fell on each, most first.</summary>
    public IReadOnlyList<(string Url, int Hits)> Samples =>
        [.. _samples.GroupBy(s => s).Select(g => (g.Key, g.Count())).OrderByDescending(s => s.Item2).ThenBy(s => s.Key, StringComparer.Ordinal)];

    /// <summary>Reservoir sampling (Vitter's algorithm R): at any time each request seen has had the same chance to be a sample.</summary>
    public void Add(ReadOnlySpan<char> url, Random random)
    {
        Count++;
        if (_samples.Count < MostSamples)
        {
            _samples.Add(url.ToString());
            return;
        }
        var place = random.NextInt64(Count);
        if (place < MostSamples && !url.SequenceEqual(_samples[(int)place]))
            _samples[(int)place] = url.ToString();
    }
}

/// <summary>The patterns of a log, bounded in number; what comes after goes to one that catches all.</summary>
internal sealed class LogPatterns
{
    private const int MostPatterns = 2_000;

    private readonly Dictionary<string, LogPattern> _patterns = [];
    private readonly Dictionary<string, LogPattern>.AlternateLookup<ReadOnlySpan<char>> _lookup;
    // Seeded, so that the same log gives the same plan.
    private readonly Random _random = new(1);
    private readonly char[] _key = new char[32 + UrlPattern.Bound(LogTarget.Longest)];

    public LogPatterns() => _lookup = _patterns.GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>By weight, heaviest first.</summary>
    public IReadOnlyList<LogPattern> ByWeight => [.. _patterns.Values.OrderByDescending(p => p.Count).ThenBy(p => p.Name, StringComparer.Ordinal)];

    /// <summary>GET requests of patterns beyond the bound.</summary>
    public LogPattern Others { get; } = new("GET");

    public void Add(bool isHead, ReadOnlySpan<char> url)
    {
        var method = isHead ? "HEAD " : "GET ";
        method.CopyTo(_key);
        var key = _key.AsSpan(0, method.Length + UrlPattern.Write(url, _key.AsSpan(method.Length)));
        if (!_lookup.TryGetValue(key, out var pattern))
        {
            if (_patterns.Count < MostPatterns)
                _patterns.Add(key.ToString(), pattern = new(key.ToString()));
            else
                pattern = Others;
        }
        pattern.Add(url, _random);
    }
}
