using System.Text;

namespace Pressure.Chaos;

/// <summary>Reads a file of rules or of a monkey's plan, YAML or JSON, into nodes that know their places.</summary>
internal static class PlacedFile
{
    private const int MaxBytes = 1024 * 1024;
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Its text; null after reporting why there is none.</summary>
    public static string? Read(string path, ExperimentProblems problems)
    {
        try
        {
            using var file = File.OpenRead(path);
            var bytes = new byte[MaxBytes + 1];
            var length = file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
            if (length <= MaxBytes)
                return Strict.GetString(bytes, 0, length);
            problems.Add(1, 1, "", $"the file is larger than {MaxBytes / 1024 / 1024} MiB", "Shorten it.");
        }
        catch (DecoderFallbackException)
        {
            problems.Add(1, 1, "", "the file is not UTF-8", "Save it as UTF-8.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            problems.Add(1, 1, "", $"the file can't be read: {e.Message.TrimEnd('.')}", "Check the path and its permissions.");
        }
        return null;
    }

    /// <summary>Its root as a map; null after reporting why there is none.</summary>
    public static ExperimentFields? Parse(string text, string remedy, ExperimentProblems problems)
    {
        var clean = text.TrimStart('\ufeff');
        if (string.IsNullOrWhiteSpace(clean))
        {
            problems.Add(1, 1, "", "the file is empty", remedy);
            return null;
        }
        var root = clean.AsSpan().TrimStart() is ['{', ..] && JsonTree.Fits(clean) ? JsonTree.Read(clean, problems) : YamlTree.Read(clean, problems);
        return root is null ? null : ExperimentFields.Open(root, "", remedy, problems);
    }

    /// <summary>A whole number; null if it is absent or wrong.</summary>
    public static int? Whole(this ExperimentFields fields, string key, int least, int most)
    {
        switch (fields[key])
        {
            case null:
                return null;
            case ExperimentNode.Scalar { Value: long number } when number >= least && number <= most:
                return (int)number;
            case ExperimentNode.Scalar scalar:
                fields.Report(key, $"'{ExperimentProblems.Shown(scalar.Text)}' is no whole number from {least} to {most}", $"Write a number such as {Math.Clamp(3, least, most)}.");
                return null;
            case var other:
                fields.Report(key, $"is {other.Kind}, but should be a number", $"Write a number such as {Math.Clamp(3, least, most)}.");
                return null;
        }
    }

    /// <summary>A share, <c>25%</c>, as 0 to 1; null if it is absent or wrong.</summary>
    public static double? Share(this ExperimentFields fields, string key)
    {
        if (fields[key] is not { } node)
            return null;
        var share = node is ExperimentNode.Scalar scalar ? Pressure.Faults.FaultArguments.Percent(scalar.Text) : null;
        if (share is null or 0)
            fields.Report(key, node is ExperimentNode.Scalar given ? $"'{ExperimentProblems.Shown(given.Text)}' is no share" : $"is {node.Kind}, but should be a share", "Write a share such as 25%.");
        return share is 0 ? null : share;
    }

    /// <summary>A list of texts; null if it is absent.</summary>
    public static List<string>? Texts(this ExperimentFields fields, string key)
    {
        if (fields[key] is null)
            return null;
        List<string> texts = [];
        foreach (var (i, item) in fields.Items(key, $"Write a list: {key}: [ a, b ].").Index())
        {
            if (item is ExperimentNode.Scalar { Text: { Length: > 0 } text })
                texts.Add(text);
            else
                fields.Problems.Add(item, $"{fields.PathTo(key)}[{i}]", $"is {item.Kind}, but should be a text", "Write a text.");
        }
        return texts;
    }

    /// <summary>The maps of a list; those that are none are reported and left out.</summary>
    public static IEnumerable<ExperimentFields> Maps(this ExperimentFields fields, string key, string remedy)
    {
        foreach (var (i, item) in fields.Items(key, remedy).Index())
        {
            if (ExperimentFields.Open(item, $"{fields.PathTo(key)}[{i}]", remedy, fields.Problems) is { } map)
                yield return map;
        }
    }

    /// <summary>A map below; null if it is absent or wrong.</summary>
    public static ExperimentFields? Below(this ExperimentFields fields, string key, string remedy) =>
        fields[key] is { } node ? ExperimentFields.Open(node, fields.PathTo(key), remedy, fields.Problems) : null;
}
