namespace Pressure.Mirror;

/// <summary>A pattern of paths: <c>/api/*</c>, where <c>*</c> stands for anything, slashes included.</summary>
internal sealed class PathPattern
{
    private readonly string[] _parts;

    /// <param name="pattern">With <c>!</c> in front it tells what is not meant.</param>
    public PathPattern(string pattern)
    {
        IsExcept = pattern.StartsWith('!');
        _parts = (IsExcept ? pattern[1..] : pattern).Split('*');
    }

    /// <summary>Whether it tells what is not meant.</summary>
    public bool IsExcept { get; }

    /// <summary>Whether a path is like it.</summary>
    public bool Matches(ReadOnlySpan<char> path)
    {
        if (_parts.Length == 1)
            return path.SequenceEqual(_parts[0]);
        if (!path.StartsWith(_parts[0]) || path.Length < _parts[0].Length + _parts[^1].Length || !path.EndsWith(_parts[^1]))
            return false;
        // Between the fixed ends each part is taken at its first place: that leaves most for those after it.
        var rest = path[_parts[0].Length..^_parts[^1].Length];
        foreach (var part in _parts.AsSpan(1, _parts.Length - 2))
        {
            var at = rest.IndexOf(part);
            if (at < 0)
                return false;
            rest = rest[(at + part.Length)..];
        }
        return true;
    }
}
