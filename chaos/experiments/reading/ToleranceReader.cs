namespace Pressure.Chaos;

/// <summary>Checks that a tolerance, its names replaced already, can be judged at all.</summary>
internal sealed class ToleranceReader(ExperimentProblems problems)
{
    private static readonly string[] Types = ["range", "regex", "jsonpath", "probe"];

    /// <summary>Reports what is wrong; true if it is a probe, which somebody else reads.</summary>
    public bool Check(ExperimentNode node, string path)
    {
        switch (node)
        {
            case ExperimentNode.List { Items.Count: 0 }:
                problems.Add(node, path, "is an empty list, which nothing is in", "Write the values that it may have.");
                return false;
            case ExperimentNode.List { Items: [ExperimentNode.Scalar { Value: long or double } low, ExperimentNode.Scalar { Value: long or double } high] } when Convert.ToDouble(low.Value) > Convert.ToDouble(high.Value):
                problems.Add(node, path, "is a range whose lower end is above its upper end, or a list of two statuses", "Write the smaller number first.");
                return false;
            case not ExperimentNode.Map:
                return false;
        }
        var fields = ExperimentFields.Open(node, path, "", problems)!;
        switch (fields.Text("type", $"Say what kind of tolerance it is: {string.Join(", ", Types)}."))
        {
            case "probe":
                return true;
            case "range":
                fields.NoteUnknown("type", "range", "target");
                CheckRange(fields);
                break;
            case "regex":
                fields.NoteUnknown("type", "pattern", "target");
                if (fields.Text("pattern", "Write the pattern: pattern: '^ok'.") is { } pattern && PatternText.Parse(pattern) is null)
                    fields.Report("pattern", $"'{ExperimentProblems.Shown(pattern)}' is no regular expression", "Check its brackets and backslashes.");
                break;
            case "jsonpath":
                fields.NoteUnknown("type", "path", "target", "expect", "count");
                if (fields.Text("path", "Write the path: path: $.items[0].id.") is { } jsonPath && JsonPath.Parse(jsonPath) is null)
                    fields.Report("path", $"'{ExperimentProblems.Shown(jsonPath)}' is no path that is read here", "Write names, numbers and stars only: $.items[0].id, $['a name'], $.items[*].price.");
                if (fields["count"] is { } count && count is not ExperimentNode.Scalar { Value: long and >= 0 })
                    fields.Report("count", "is no number of values", "Write a whole number from 0.");
                break;
            case { } type:
                fields.Report("type", $"there is no tolerance of type '{ExperimentProblems.Shown(type)}'", Suggestion.Remedy(type, Types));
                break;
        }
        return false;
    }

    private static void CheckRange(ExperimentFields fields)
    {
        const string Remedy = "Write both ends: range: [ 4, 9 ].";
        if (fields["range"] is not ExperimentNode.List { Items: [ExperimentNode.Scalar { Value: long or double } low, ExperimentNode.Scalar { Value: long or double } high] })
            fields.Report("range", fields["range"] is null ? "is missing" : "is no pair of numbers", Remedy);
        else if (Convert.ToDouble(low.Value) > Convert.ToDouble(high.Value))
            fields.Report("range", "has its lower end above its upper end", Remedy);
    }
}
