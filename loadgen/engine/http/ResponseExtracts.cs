using System.Text;

namespace Pressure.LoadGen.Engine;

/// <summary>Takes the values that later steps use out of a response.</summary>
internal sealed class ResponseExtracts
{
    private static readonly byte[] SetCookie = "Set-Cookie"u8.ToArray();

    private readonly IReadOnlyList<Extract> _extracts;
    private readonly int[] _fields;

    /// <summary>Prepares extractions; the fields that they need are added to those wanted.</summary>
    public ResponseExtracts(IReadOnlyList<Extract> extracts, List<byte[]> wanted)
    {
        _extracts = extracts;
        _fields = [.. extracts.Select(e => FieldOf(e, wanted))];
    }

    /// <summary>Whether the body's start must be kept.</summary>
    public bool NeedBody => _extracts.Any(e => e is Extract.Json or Extract.Matching);

    /// <summary>How many there are.</summary>
    public int Count => _extracts.Count;

    /// <summary>Sets the variables; false if a value is missing, which is added to <paramref name="failures"/> in words, if given.</summary>
    public bool Take(BodyCheck response, IterationScope scope, List<string>? failures = null)
    {
        var all = true;
        for (var i = 0; i < _extracts.Count; i++)
        {
            var given = _extracts[i] switch
            {
                Extract.Json j => JsonValue.TryTake(j.Path, response.Kept, scope, j.Index),
                Extract.Matching m => TryTake(m, response.Kept, scope),
                Extract.Cookie c => TryTake(c, _fields[i], response.Fields, scope),
                _ => TryTakeHeader(_extracts[i].Index, _fields[i], response.Fields, scope),
            };
            if (given)
                continue;
            all = false;
            failures?.Add($"no value for {_extracts[i].Variable}: {Describe(_extracts[i])}");
        }

        return all;
    }

    private static int FieldOf(Extract extract, List<byte[]> wanted)
    {
        if (extract is not (Extract.Header or Extract.Cookie))
            return -1;
        wanted.Add(extract is Extract.Header h ? Encoding.UTF8.GetBytes(h.Name) : SetCookie);
        return wanted.Count - 1;
    }

    // Groups come only with a match object: the one source of values that allocates.
    private static bool TryTake(Extract.Matching extract, ReadOnlySpan<byte> body, IterationScope scope)
    {
        var match = extract.Pattern.Match(Encoding.UTF8.GetString(body));
        if (!match.Success || (match.Groups.Count > 1 && !match.Groups[1].Success))
            return false;
        scope.Set(extract.Index, Encoding.UTF8.GetBytes(match.Groups.Count > 1 ? match.Groups[1].Value : match.Value));
        return true;
    }

    private static bool TryTakeHeader(int variable, int field, ResponseFields fields, IterationScope scope)
    {
        var position = 0;
        if (!fields.TryNext(field, ref position, out var value))
            return false;
        scope.Set(variable, value);
        return true;
    }

    private static bool TryTake(Extract.Cookie extract, int field, ResponseFields fields, IterationScope scope)
    {
        for (var position = 0; fields.TryNext(field, ref position, out var cookie);)
        {
            var end = cookie.IndexOf((byte)';');
            var pair = end < 0 ? cookie : cookie[..end];
            var equals = pair.IndexOf((byte)'=');
            if (equals <= 0 || !Ascii.Equals(pair[..equals].Trim((byte)' '), extract.Name))
                continue;
            scope.Set(extract.Index, pair[(equals + 1)..].Trim((byte)' '));
            return true;
        }

        return false;
    }

    private static string Describe(Extract extract) => extract switch
    {
        Extract.Json j => $"nothing at {j.Path} in the body's first 64 KiB",
        Extract.Matching m => $"the body's first 64 KiB do not match {m.Pattern}",
        Extract.Header h => $"no header {h.Name}",
        Extract.Cookie c => $"no cookie {c.Name} was set",
        _ => throw new InvalidOperationException($"Unknown extraction {extract.GetType().Name}"),
    };
}
