using System.Text;
using System.Text.RegularExpressions;

namespace Pressure.TrafficCopy;

/// <summary>
/// A path to values of a JSON text: <c>$.users[*].password</c>, <c>$['a name'][0]</c>, <c>$.*</c>; whatever is there is masked, maps and lists whole.
/// </summary>
public sealed partial class JsonMaskPath
{
    private const int Longest = 1_000;

    private readonly string _text;
    private readonly Segment[] _segments;

    private JsonMaskPath(string text, Segment[] segments) => (_text, _segments) = (text, segments);

    /// <summary>Segments in it.</summary>
    internal int Length => _segments.Length;

    /// <inheritdoc/>
    public override string ToString() => _text;

    /// <summary>The path; null if the text is none.</summary>
    public static JsonMaskPath? Parse(string text) =>
        text.Length <= Longest && PathText().Match(text) is { Success: true } match ? new(text, [.. match.Groups[1].Captures.Select(c => SegmentOf(c.Value))]) : null;

    /// <summary>Whether a member of a map is on the path, at a depth.</summary>
    internal bool Goes(int depth, ReadOnlySpan<byte> name) => depth < _segments.Length && (_segments[depth].Any || (_segments[depth].Name is { } own && name.SequenceEqual(own)));

    /// <summary>Whether an item of a list is on the path, at a depth.</summary>
    internal bool Goes(int depth, int index) => depth < _segments.Length && (_segments[depth].Any || (_segments[depth].Name is null && _segments[depth].Index == index));

    private static Segment SegmentOf(string segment) => segment switch
    {
        ".*" or "[*]" => new(null, -1, Any: true),
        ['.', .. var name] => new(Encoding.UTF8.GetBytes(name), -1, Any: false),
        ['[', '\'' or '"', .. var name, _, ']'] => new(Encoding.UTF8.GetBytes(name), -1, Any: false),
        _ => new(null, int.Parse(segment.AsSpan(1, segment.Length - 2)), Any: false),
    };

    [GeneratedRegex(@"\A\$(\.[\p{L}_][\p{L}\p{N}_-]*|\.\*|\['[^'\\]*'\]|\[""[^""\\]*""\]|\[[0-9]{1,8}\]|\[\*\])*\z")]
    private static partial Regex PathText();

    private readonly record struct Segment(byte[]? Name, int Index, bool Any);
}
