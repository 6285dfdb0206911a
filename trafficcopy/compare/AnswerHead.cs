using System.Text;

namespace Pressure.TrafficCopy;

/// <summary>An answer's start line and fields, those of the same name joined.</summary>
internal sealed class AnswerHead
{
    /// <summary>Fields that are looked at; nobody sends as many.</summary>
    private const int MostFields = 500;

    private readonly Dictionary<string, string> _fields = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, string> _cookies = [];

    /// <summary>The status; 0 without a head (raw TCP).</summary>
    public int Status { get; private init; }

    /// <summary>Fields by name, Set-Cookie left out.</summary>
    public IReadOnlyDictionary<string, string> Fields => _fields;

    /// <summary>Cookies that are set, by name: their attributes without value and moments.</summary>
    public IReadOnlyDictionary<string, string> Cookies => _cookies;

    public string? this[string field] => _fields.GetValueOrDefault(field);

    /// <summary>Type of the content without parameters, in lower case; empty when it is not said.</summary>
    public string MediaType => (this["Content-Type"] ?? "").Split(';')[0].Trim().ToLowerInvariant();

    public static AnswerHead Read(ReadOnlySpan<byte> head)
    {
        var answer = new HttpHead(head);
        var read = new AnswerHead { Status = answer.Status };
        var fields = 0;
        foreach (var field in answer)
        {
            if (fields++ == MostFields)
                break;
            read.Add(Encoding.Latin1.GetString(field.Name), Encoding.UTF8.GetString(field.Value));
        }
        return read;
    }

    private void Add(string name, string value)
    {
        if (name.Length == 0)
            return;
        if (name.Equals("Set-Cookie", StringComparison.OrdinalIgnoreCase))
            AddCookie(value);
        else
            _fields[name] = _fields.TryGetValue(name, out var before) ? $"{before}, {value}" : value;
    }

    /// <summary><c>session=2f; Path=/; Max-Age=60; Secure</c> is session: max-age; path=/; secure.</summary>
    private void AddCookie(string field)
    {
        var parts = field.Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        if (parts.Length == 0)
            return;
        var attributes = parts.Skip(1).Select(AttributeOf).Order(StringComparer.Ordinal);
        _cookies[NameOf(parts[0])] = string.Join("; ", attributes);
    }

    private static string AttributeOf(string attribute)
    {
        var name = NameOf(attribute).ToLowerInvariant();
        return name is "expires" or "max-age" ? name : attribute.Length == name.Length ? name : string.Concat(name, attribute.AsSpan(name.Length).Trim());
    }

    private static string NameOf(string part) => part.IndexOf('=') is >= 0 and var equals ? part[..equals].TrimEnd() : part;
}
