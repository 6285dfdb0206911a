using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Pressure.TrafficCopy;

namespace Pressure.Mirror;

/// <summary>Chooses the requests that are meant, by rules alone; thread-safe.</summary>
internal sealed class CopyChoice(CopyRules rules)
{
    private readonly HashSet<string> _methods = new(rules.Methods, StringComparer.Ordinal);
    private readonly PathChoice _paths = new(rules.Paths);
    private readonly PathChoice _except = new(rules.Except);
    private long _numbers;

    /// <summary>Whether requests of a method are copied.</summary>
    public bool HasMethod(string method) => _methods.Contains(method);

    /// <summary>Why a request is neither copied nor recorded; <see cref="CopyFate.Open"/> if it may be.</summary>
    public CopyFate Judge(HttpContext context, string target, ClientConnection connection)
    {
        if (context.Features.Get<IHttpUpgradeFeature>() is { IsUpgradableRequest: true })
            return CopyFate.Upgrade;
        // Copies of copies would go round for ever where a mirror's target leads back to it.
        if (context.Request.Headers.ContainsKey(CopyMarks.Mirror))
            return CopyFate.Marked;
        if ((!_paths.IsEmpty && !_paths.Has(target)) || (!_except.IsEmpty && _except.Has(target)))
            return CopyFate.Path;
        return rules.Share < 1 && !IsInShare(context.Request, connection) ? CopyFate.Share : CopyFate.Open;
    }

    private bool IsInShare(HttpRequest request, ClientConnection connection)
    {
        var key = rules.By switch
        {
            ShareBy.Connection => connection.Id,
            ShareBy.Client => Hash(connection.Address),
            ShareBy.Header => Hash(request.Headers[rules.ByHeader].ToString()),
            _ => Interlocked.Increment(ref _numbers),
        };
        return ConnectionSample.Takes(key, rules.Share, rules.Seed);
    }

    /// <summary>The same in every process, which <see cref="string.GetHashCode()"/> is not.</summary>
    private static long Hash(string text)
    {
        var hash = 14695981039346656037UL;
        foreach (var c in text)
            hash = unchecked((hash ^ c) * 1099511628211UL);
        return unchecked((long)hash);
    }
}

/// <summary>Patterns of paths, of which one has to match; without the query, unless the pattern has one.</summary>
internal sealed class PathChoice(IEnumerable<string> patterns)
{
    private readonly (WildcardPattern Pattern, bool HasQuery)[] _patterns = [.. patterns.Select(p => (new WildcardPattern(p), p.Contains('?')))];

    /// <summary>Whether there is none.</summary>
    public bool IsEmpty => _patterns.Length == 0;

    /// <summary>Whether a target is like one of them.</summary>
    public bool Has(string target)
    {
        ReadOnlySpan<byte> whole = Encoding.Latin1.GetBytes(target);
        var query = whole.IndexOf((byte)'?');
        var path = query < 0 ? whole : whole[..query];
        foreach (var (pattern, hasQuery) in _patterns)
        {
            if (pattern.IsMatch(hasQuery ? whole : path))
                return true;
        }
        return false;
    }
}
