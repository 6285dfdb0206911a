using System.Text;

namespace Pressure.LoadGen.Importing;

/// <summary>Counts what of a log is not taken, cheaply: a log may consist of nothing else.</summary>
internal sealed class LogLeftOut
{
    private const int MostKinds = 64;

    private readonly Dictionary<string, (string Why, long Count, long First)> _kinds = [];
    private readonly Dictionary<int, (long Count, long First)> _statuses = [];
    private readonly Dictionary<string, (long Count, long First)>.AlternateLookup<ReadOnlySpan<char>> _methods =
        new Dictionary<string, (long Count, long First)>().GetAlternateLookup<ReadOnlySpan<char>>();

    public void Add(string what, string why, long line) =>
        _kinds[what] = _kinds.TryGetValue(what, out var kind) ? kind with { Count = kind.Count + 1 } : (why, 1, line);

    public void AddStatus(int status, long line) =>
        _statuses[status] = _statuses.TryGetValue(status, out var seen) ? seen with { Count = seen.Count + 1 } : (1, line);

    public void AddMethod(ReadOnlySpan<byte> method, long line)
    {
        Span<char> name = stackalloc char[method.Length];
        Encoding.Latin1.GetChars(method, name);
        if (_methods.TryGetValue(name, out var seen))
            _methods[name] = seen with { Count = seen.Count + 1 };
        else if (_methods.Dictionary.Count < MostKinds)
            _methods[name] = (1, line);
        else
            Add("requests of other methods", "logs hold no bodies, so only GET and HEAD are taken", line);
    }

    public void Tell(ImportScope scope)
    {
        foreach (var (what, (why, count, first)) in _kinds.OrderBy(k => k.Value.First))
            scope.Skip(what, why, $"line {first}", count);
        foreach (var (method, (count, first)) in _methods.Dictionary.OrderByDescending(m => m.Value.Count).ThenBy(m => m.Key, StringComparer.Ordinal))
            scope.Skip($"{method} requests", "logs hold no bodies, so only GET and HEAD are taken", $"line {first}", count);
        foreach (var (status, (count, first)) in _statuses.OrderBy(s => s.Key))
            scope.Skip($"requests answered {status}", "the service refused them; load made of refusals says little", $"line {first}", count);
    }
}
