namespace Pressure.LoadGen;

/// <summary>Reads what stands in <c>load.replay</c> once or as a list.</summary>
internal static class ReplayLists
{
    private const int Most = 100;

    /// <summary>The items of a list, or the one value that stands in its place.</summary>
    public static IEnumerable<(PlanNode Node, string Path)> Items(FieldReader fields, string key, int most, string remedy) => fields[key] switch
    {
        null => [],
        PlanNode.Scalar one => [(one, fields.PathTo(key))],
        var many => ScalarReader.Items(many, fields.PathTo(key), most, remedy, fields.Problems).Select((item, i) => (item, $"{fields.PathTo(key)}[{i}]")),
    };

    /// <summary>Texts.</summary>
    public static List<string> Texts(FieldReader fields, string key, string remedy, ValueReader<string>? reader = null)
    {
        var texts = new List<string>();
        foreach (var (node, path) in Items(fields, key, Most, remedy))
        {
            if (ScalarReader.TryRead(node, path, reader ?? ReadText, fields.Problems, out var text))
                texts.Add(text);
        }

        return texts;
    }

    /// <summary>Methods, in capitals.</summary>
    public static IEnumerable<string> Methods(FieldReader fields) =>
        Texts(fields, "methods", "Write the methods that are replayed besides GET, HEAD and OPTIONS: methods: [ POST, PUT ].", HeaderReader.ParseToken).Select(m => m.ToUpperInvariant());

    /// <summary>Patterns, in which <c>*</c> stands for any letters.</summary>
    public static IReadOnlyList<string> Patterns(FieldReader fields, string key)
    {
        var example = key == "hosts" ? "hosts: [ shop.example, \"*.example\" ]" : $"{key}: [ /api/*, /cart ]";
        return Texts(fields, key, $"Write patterns such as {example}.", (string text, out string value) =>
        {
            value = text.Trim();
            if (value.Length == 0)
                return new("is empty", $"Write patterns such as {example}.");
            return key != "hosts" && value[0] is not ('/' or '*') ? new($"'{Shown.Of(text)}' begins with neither '/' nor '*'", $"Write patterns of paths such as {example}.") : null;
        });
    }

    private static Complaint? ReadText(string text, out string value)
    {
        value = text.Trim();
        return value.Length == 0 ? new("is empty", "Give it a value, or remove it.") : null;
    }
}
