using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Pressure.Mirror;

/// <summary>Chooses the requests that are meant, by rules alone; thread-safe.</summary>
internal sealed class CopyChoice(CopyRules rules)
{
    private readonly HashSet<string> _methods = new(rules.Methods, StringComparer.Ordinal);
    private readonly PathPattern[] _paths = [.. rules.Paths.Select(p => new PathPattern(p)).Where(p => !p.IsExcept)];
    private readonly PathPattern[] _except = [.. rules.Paths.Select(p => new PathPattern(p)).Where(p => p.IsExcept)];
    private readonly ulong _seed = Mix(rules.Seed);
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
        if (!IsMeant(target))
            return CopyFate.Path;
        return rules.Share < 1 && !IsInShare(context.Request, connection) ? CopyFate.Share : CopyFate.Open;
    }

    private bool IsMeant(string target)
    {
        if (_paths.Length + _except.Length == 0)
            return true;
        var path = target.AsSpan();
        var query = path.IndexOf('?');
        path = query < 0 ? path : path[..query];
        return (_paths.Length == 0 || Matches(_paths, path)) && !Matches(_except, path);
    }

    private static bool Matches(PathPattern[] patterns, ReadOnlySpan<char> path)
    {
        foreach (var pattern in patterns)
        {
            if (pattern.Matches(path))
                return true;
        }
        return false;
    }

    private bool IsInShare(HttpRequest request, ClientConnection connection)
    {
        var key = rules.By switch
        {
            ShareBy.Connection => (ulong)connection.Id,
            ShareBy.Client => Hash(connection.Address),
            ShareBy.Header => Hash(request.Headers[rules.ByHeader].ToString()),
            _ => (ulong)Interlocked.Increment(ref _numbers),
        };
        return (Mix(key ^ _seed) >> 11) * (1.0 / (1L << 53)) < rules.Share;
    }

    /// <summary>The same in every process, which <see cref="string.GetHashCode()"/> is not.</summary>
    private static ulong Hash(string text)
    {
        var hash = 14695981039346656037UL;
        foreach (var c in text)
            hash = unchecked((hash ^ c) * 1099511628211UL);
        return hash;
    }

    // SplitMix64's finaliser: neighbours end far apart.
    private static ulong Mix(ulong value)
    {
        value = unchecked(value + 0x9E3779B97F4A7C15);
        value = unchecked((value ^ (value >> 30)) * 0xBF58476D1CE4E5B9);
        value = unchecked((value ^ (value >> 27)) * 0x94D049BB133111EB);
        return value ^ (value >> 31);
    }
}
