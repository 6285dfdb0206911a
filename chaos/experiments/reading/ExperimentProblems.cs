namespace Pressure.Chaos;

/// <summary>Collects what is wrong with one file, up to a number that people can still read, and what was left aside.</summary>
internal sealed class ExperimentProblems(string file)
{
    private const int Most = 100;

    private readonly List<ExperimentProblem> _problems = [];
    private readonly List<string> _notices = [];
    private int _count;

    public bool Any => _count > 0;

    /// <summary>English sentences, each once.</summary>
    public IReadOnlyList<string> Notices => _notices;

    public void Add(ExperimentNode at, string field, string message, string remedy) => Add(at.Line, at.Column, field, message, remedy);

    public void Add(int line, int column, string field, string message, string remedy)
    {
        var problem = new ExperimentProblem(file, line, column, field, message, remedy);
        // What is referred to is read again where it is used.
        if (!_problems.Contains(problem) && _count++ < Most)
            _problems.Add(problem);
    }

    public void Notice(string sentence)
    {
        if (_notices.Count < Most && !_notices.Contains(sentence))
            _notices.Add(sentence);
    }

    /// <summary>In order of lines; when there are too many, the last one says how many were left out.</summary>
    public IReadOnlyList<ExperimentProblem> InOrder()
    {
        var ordered = _problems.OrderBy(p => p.Line).ThenBy(p => p.Column).ToList();
        if (_count > Most)
            ordered.Add(new(file, ordered[^1].Line, ordered[^1].Column, "", $"and {_count - Most} more problems", "Mend those above first."));
        return ordered;
    }

    /// <summary>Foreign text made fit for a message: short, on one line, without control characters.</summary>
    public static string Shown(string text)
    {
        var cut = text.Length <= 60 ? text : string.Concat(text.AsSpan(0, 60), "...");
        return string.Concat(cut.Select(c => char.IsControl(c) || char.IsSurrogate(c) ? '?' : c));
    }
}
