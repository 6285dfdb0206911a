namespace Pressure.LoadGen.Importing;

/// <summary>What is told of one import while it goes on. Lists are bounded: a hostile source must not fill the memory with complaints.</summary>
internal sealed class ImportScope(string file, ImportOptions options)
{
    private const int MostKinds = 500;

    private readonly Dictionary<(string What, string Why), NotTaken> _notTaken = [];
    private readonly List<string> _notes = [];
    private readonly List<ImportProblem> _problems = [];
    private long _kindsBeyond;

    public string File => file;

    public ImportOptions Options => options;

    public bool Failed => _problems.Count > 0;

    public IReadOnlyList<string> Notes => _notes;

    public IReadOnlyList<ImportProblem> Problems => _problems;

    /// <summary>In the order in which each kind came first.</summary>
    public IReadOnlyList<NotTaken> NotTaken => _kindsBeyond == 0
        ? [.. _notTaken.Values]
        : [.. _notTaken.Values, new("other things", $"there are more than {MostKinds} kinds, the rest is only counted", _kindsBeyond, "")];

    /// <summary>Says what is not taken over; the same thing again is counted.</summary>
    public void Skip(string what, string why, string where = "", long count = 1)
    {
        what = Shown.Of(what);
        if (_notTaken.TryGetValue((what, why), out var before))
            _notTaken[(what, why)] = before with { Count = before.Count + count };
        else if (_notTaken.Count < MostKinds)
            _notTaken.Add((what, why), new(what, why, count, where));
        else
            _kindsBeyond += count;
    }

    public void Note(string note)
    {
        if (!_notes.Contains(note) && _notes.Count < MostKinds)
            _notes.Add(note);
    }

    public void Fail(string message, string remedy) => _problems.Add(new(file, message, remedy));

    public void FailAt(long line, long column, string message, string remedy) => _problems.Add(new($"{file}:{line}:{column}", message, remedy));

    public void FailIn(string path, string message, string remedy) => _problems.Add(new($"{file}: {path}", message, remedy));
}
