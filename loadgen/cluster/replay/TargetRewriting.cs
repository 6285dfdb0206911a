using System.Text;
using Pressure.LoadGen;

namespace Pressure.Cluster;

/// <summary>Changes path and query of captured requests. Used by one thread.</summary>
internal sealed class TargetRewriting
{
    private readonly byte[] _prefix;
    private readonly IReadOnlyList<ReplayRewrite.Path> _paths;
    private readonly IReadOnlyList<ReplayRewrite.Parameter> _parameters;

    /// <param name="target">What is pressed; its own path comes before those of requests.</param>
    /// <param name="rewrites">What is changed, in order.</param>
    public TargetRewriting(Uri target, IReadOnlyList<ReplayRewrite> rewrites)
    {
        _prefix = Encoding.ASCII.GetBytes(target.AbsolutePath.TrimEnd('/'));
        _paths = [.. rewrites.OfType<ReplayRewrite.Path>()];
        _parameters = [.. rewrites.OfType<ReplayRewrite.Parameter>()];
    }

    /// <summary>Appends a request's target as it goes out.</summary>
    public void Write(ReadOnlySpan<byte> captured, EncodedRequest to)
    {
        var origin = RequestForm.OriginForm(captured);
        if (_paths.Count > 0 || _parameters.Count > 0)
            origin = Rewrite(origin);
        if (origin is [(byte)'*'])
        {
            to.Append(origin);
            return;
        }

        to.Append(_prefix);
        if (origin is not [(byte)'/', ..])
            to.Append("/"u8);
        to.Append(origin);
    }

    private byte[] Rewrite(ReadOnlySpan<byte> origin)
    {
        // One letter for each byte, whatever it may be.
        var text = Encoding.Latin1.GetString(origin);
        foreach (var (pattern, replacement) in _paths)
            text = pattern.Replace(text, replacement);
        foreach (var (name, value) in _parameters)
            text = WithParameter(text, name, value);
        var bytes = new byte[text.Length * 3];
        var length = 0;
        foreach (var c in text)
            length += WriteSafe(c, bytes.AsSpan(length));
        return bytes[..length];
    }

    /// <summary>Sets a parameter where it stands, else at the end; further ones of its name go.</summary>
    private static string WithParameter(string target, string name, string? value)
    {
        var mark = target.IndexOf('?', StringComparison.Ordinal);
        var (path, query) = mark < 0 ? (target, "") : (target[..mark], target[(mark + 1)..]);
        var pairs = query.Length == 0 ? [] : query.Split('&').ToList();
        var first = pairs.FindIndex(p => IsNamed(p, name));
        pairs.RemoveAll(p => IsNamed(p, name));
        if (value is not null)
            pairs.Insert(first < 0 ? pairs.Count : first, $"{Uri.EscapeDataString(name)}={Uri.EscapeDataString(value)}");
        return pairs.Count == 0 ? path : $"{path}?{string.Join('&', pairs)}";
    }

    private static bool IsNamed(string pair, string name)
    {
        var equals = pair.IndexOf('=', StringComparison.Ordinal);
        var own = equals < 0 ? pair : pair[..equals];
        return own == name || Uri.UnescapeDataString(own.Replace('+', ' ')) == name;
    }

    private static int WriteSafe(char c, Span<byte> to)
    {
        if (c is > ' ' and < '\u007f' or >= '\u0080' and <= '\u00ff')
        {
            to[0] = (byte)c;
            return 1;
        }

        return Encoding.ASCII.GetBytes(c < '\u0080' ? $"%{(int)c:X2}" : "?", to);
    }
}
