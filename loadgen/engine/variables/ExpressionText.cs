namespace Pressure.LoadGen.Engine;

/// <summary>Reads what stands in <c>{{ }}</c>.</summary>
internal static class ExpressionText
{
    private const int Longest = 200;
    private const string RandomRemedy = "Write the least and the greatest whole number: {{random:1..100}}.";

    private static readonly string[] Functions = ["uuid", "now", "iteration", "random:1..100", "hash:sha256:NAME", "base64:NAME", "number:NAME"];

    /// <summary>A column or variable, which win over functions of the same name, or a function.</summary>
    public static Complaint? Parse(string text, TemplateNames names, out Expression value)
    {
        value = new Expression.IterationNumber();
        var name = text.Trim();
        if (name.Length is 0 or > Longest)
            return new($"'{{{{{Shown.Of(text)}}}}}' is not a name", $"Write a name of 1 to {Longest} characters in the braces.");
        if (names.Find(name, out var found) is { } ambiguous)
            return ambiguous;
        if (found is not null)
        {
            value = found;
            return null;
        }

        var colon = name.IndexOf(':', StringComparison.Ordinal);
        var (function, rest) = colon < 0 ? (name, "") : (name[..colon], name[(colon + 1)..]);
        switch (function)
        {
            case "uuid" when colon < 0:
                value = new Expression.Uuid(names.Seed, names.NextStream());
                return null;
            case "iteration" when colon < 0:
                return null;
            case "now":
                return ParseNow(rest, ref value);
            case "random" when colon > 0:
                return ParseRandom(rest, names, ref value);
            case "hash" when colon > 0:
                return ParseHash(rest, names, ref value);
            case "base64" when colon > 0:
                return ParseOf(rest, names, e => new Expression.Base64(e), ref value);
            case "number" when colon > 0:
                return ParseOf(rest, names, e => new Expression.Number(e), ref value);
            default:
                return Unknown(name, names);
        }
    }

    private static Complaint Unknown(string name, TemplateNames names)
    {
        var remedy = names.Known.Count > 0 ? $"Known here: {string.Join(", ", names.Known.Take(20))}; functions: {string.Join(", ", Functions)}." : $"There is no data; functions are {string.Join(", ", Functions)}. Name a file under data: to use its columns.";
        return new($"nothing is named '{Shown.Of(name)}'", Suggestion.For(name, names.Known.Concat(["uuid", "now", "iteration"])) is { } meant ? $"Did you mean '{meant}'?" : remedy);
    }

    private static Complaint? ParseNow(string format, ref Expression value)
    {
        value = new Expression.Now(format);
        if (format is "" or "unix" or "unixMs")
            return null;
        try
        {
            _ = DateTimeOffset.UnixEpoch.ToString(format);
            return null;
        }
        catch (FormatException)
        {
            return new($"'{Shown.Of(format)}' is not a format of a time", "Write {{now}}, {{now:unix}}, {{now:unixMs}} or a .NET format such as {{now:yyyy-MM-dd}}.");
        }
    }

    private static Complaint? ParseRandom(string range, TemplateNames names, ref Expression value)
    {
        var ends = range.Split("..");
        if (ends.Length != 2 || !long.TryParse(ends[0], out var from) || !long.TryParse(ends[1], out var to) || to < from || (ulong)(to - from) == ulong.MaxValue)
            return new($"'{Shown.Of(range)}' is not a range", RandomRemedy);
        value = new Expression.RandomWhole(from, to, names.Seed, names.NextStream());
        return null;
    }

    private static Complaint? ParseHash(string text, TemplateNames names, ref Expression value)
    {
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        if (colon < 0 || !Enum.TryParse<HashKind>(text[..colon], ignoreCase: true, out var kind) || !Enum.IsDefined(kind) || char.IsAsciiDigit(text[0]))
            return new($"'{Shown.Of(text)}' is not a hash of something", "Write {{hash:sha256:NAME}}; md5, sha1 and sha512 are known too.");
        return ParseOf(text[(colon + 1)..], names, e => new Expression.Hash(kind, e), ref value);
    }

    private static Complaint? ParseOf(string text, TemplateNames names, Func<Expression, Expression> wrap, ref Expression value)
    {
        if (Parse(text, names, out var inner) is { } complaint)
            return complaint;
        value = wrap(inner);
        return null;
    }
}
