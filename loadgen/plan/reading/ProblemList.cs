namespace Pressure.LoadGen;

/// <summary>Collects problems of one file, up to a number that people can still read.</summary>
internal sealed class ProblemList(string file)
{
    private const int Most = 100;

    private readonly List<PlanProblem> _problems = [];
    private int _count;

    /// <summary>The plan's file, as it was named.</summary>
    public string File => file;

    public bool Any => _count > 0;

    public void Add(PlanNode at, string field, string message, string remedy) => Add(at.Line, at.Column, field, message, remedy);

    public void Add(PlanNode at, string field, Complaint complaint) => Add(at, field, complaint.Message, complaint.Remedy);

    public void Add(int line, int column, string field, string message, string remedy) => AddIn(file, line, column, field, message, remedy);

    /// <summary>Adds a problem in another file that the plan names.</summary>
    public void AddIn(string otherFile, int line, int column, string field, string message, string remedy)
    {
        if (_count++ < Most)
            _problems.Add(new(otherFile, line, column, field, message, remedy));
    }

    /// <summary>In order of lines, the plan's own first; when there are too many, the last one says how many were left out.</summary>
    public IReadOnlyList<PlanProblem> InOrder()
    {
        var ordered = _problems.OrderBy(p => p.File != file).ThenBy(p => p.Line).ThenBy(p => p.Column).ToList();
        if (_count > Most)
            ordered.Add(new(file, ordered[^1].Line, ordered[^1].Column, "", $"and {_count - Most} more problems", "Mend those above first."));
        return ordered;
    }
}
