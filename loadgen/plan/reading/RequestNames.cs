namespace Pressure.LoadGen;

/// <summary>Gives every request of a plan a name of its own.</summary>
internal sealed class RequestNames
{
    private const int Longest = 100;
    private readonly HashSet<string> _taken = [];
    private readonly HashSet<string> _given = [];

    /// <summary>Names that the plan gives; they are known beforehand, so that made names keep clear of them.</summary>
    public RequestNames(IEnumerable<string> given) => _taken.UnionWith(given);

    /// <summary>The name in the step, which must not be another step's.</summary>
    public string Given(FieldReader step)
    {
        var name = step.Read<string>("name", PlainText.Name, "");
        if (name.Length > 0 && !_given.Add(name))
            step.Report("name", $"another request is named '{Shown.Of(name)}' already", "Give each request a name of its own.");
        return name;
    }

    /// <summary>Method and path as people write it, with the host if it is not the target's; numbered when repeated.</summary>
    public string Made(string method, Uri url, Uri target)
    {
        var path = Uri.UnescapeDataString(url.AbsolutePath);
        var host = url.Authority == target.Authority ? "" : url.Authority;
        return Made($"{method} {host}{path}");
    }

    /// <summary>The text as a name, cut to length and numbered when repeated.</summary>
    public string Made(string text)
    {
        var name = string.Concat(text.Select(c => char.IsControl(c) ? '?' : c));
        if (name.Length > Longest)
            name = string.Concat(name.AsSpan(0, Longest - 12), "...");
        var unique = name;
        for (var i = 2; !_taken.Add(unique); i++)
            unique = $"{name} ({i})";
        return unique;
    }
}
