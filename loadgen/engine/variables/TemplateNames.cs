namespace Pressure.LoadGen.Engine;

/// <summary>The names that templates may use at one place of a plan: columns, and what earlier steps of the scenario have extracted.</summary>
internal sealed class TemplateNames(IReadOnlyList<DataFeed> feeds, int seed)
{
    private readonly List<string> _variables = [];
    private readonly HashSet<string> _visible = [];
    private int _streams;

    /// <summary>The plan's seed.</summary>
    public int Seed => seed;

    /// <summary>All names, for suggestions.</summary>
    public IReadOnlyList<string> Known => [.. _visible, .. feeds.SelectMany(f => f.Columns).Distinct()];

    /// <summary>A number that no other place of the plan has.</summary>
    public int NextStream() => _streams++;

    /// <summary>Variables end with their scenario.</summary>
    public void BeginScenario() => _visible.Clear();

    /// <summary>Makes a variable known from here on; its number, the same for the same name.</summary>
    public int Declare(string variable)
    {
        _visible.Add(variable);
        var index = _variables.IndexOf(variable);
        if (index < 0)
            _variables.Add(variable);
        return index < 0 ? _variables.Count - 1 : index;
    }

    /// <summary>Whether a column has that name.</summary>
    public bool IsColumn(string name) => feeds.Any(f => f.Columns.Contains(name));

    /// <summary>The variable or column of a name; null when there is none.</summary>
    public Complaint? Find(string name, out Expression? found)
    {
        found = _visible.Contains(name) ? new Expression.Variable(_variables.IndexOf(name)) : null;
        if (found is not null)
            return null;
        var columns = (from feed in feeds
                       from column in feed.Columns.Index()
                       where column.Item == name || $"{feed.Name}.{column.Item}" == name
                       select new Expression.Column(feed, column.Index)).ToList();
        found = columns.FirstOrDefault();
        return columns.Count > 1
            ? new($"'{Shown.Of(name)}' is a column of several data files", $"Write {string.Join(" or ", columns.Select(c => $"{{{{{c.Feed.Name}.{c.Feed.Columns[c.Index]}}}}}"))}.")
            : null;
    }
}
