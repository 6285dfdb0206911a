namespace Pressure.LoadGen;

/// <summary>Reads <c>data:</c> and the files that it names.</summary>
internal static class DataReader
{
    private const int Most = 10;
    private const string Remedy = "Write data such as [ { file: items.csv, pick: random } ].";

    /// <summary>The feeds; those with problems are left out.</summary>
    /// <param name="node">The list; null when absent.</param>
    /// <param name="folder">The plan's folder; null when the plan is a text without one, which may not read files.</param>
    /// <param name="seed">For random rows.</param>
    /// <param name="problems">Takes the problems.</param>
    public static List<DataFeed> Read(PlanNode? node, string? folder, int seed, ProblemList problems)
    {
        var feeds = new List<DataFeed>();
        var items = ScalarReader.Items(node, "data", Most, Remedy, problems);
        for (var i = 0; i < items.Count; i++)
        {
            if (FieldReader.Open(items[i], $"data[{i}]", PlanKeys.Data, problems) is { } fields && ReadOne(fields, folder, seed) is { } feed)
                feeds.Add(feeds.Exists(f => f.Name == feed.Name) ? Twice(fields, feed) : feed);
        }
        return feeds;
    }

    private static DataFeed? ReadOne(FieldReader fields, string? folder, int seed)
    {
        fields.Required("file", "Name a CSV or JSON file: { file: items.csv }.");
        var file = fields.Read<string>("file", PlainText.Any, "");
        var pick = fields.Read("pick", PlainText.OneOf(("inOrder", DataPick.InOrder), ("random", DataPick.Random), ("unique", DataPick.Unique)), DataPick.InOrder);
        var name = fields.Read<string>("name", PlainText.Name, Path.GetFileNameWithoutExtension(file));
        if (file.Length == 0)
            return null;
        if (folder is null)
        {
            fields.Report("file", "data files can't be read here", "Run the plan as a file from the command line; its data files lie beside it.");
            return null;
        }
        var path = Path.Combine(folder, file);
        return DataFile.Read(path, new(path, fields.PathTo("file"), fields.Problems)) is { } table ? new(name, pick, table, seed) : null;
    }

    private static DataFeed Twice(FieldReader fields, DataFeed feed)
    {
        fields.Report("name", $"another data file is named '{Shown.Of(feed.Name)}' already", "Give each a name of its own.");
        return feed;
    }
}
