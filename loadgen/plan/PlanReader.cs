namespace Pressure.LoadGen;

/// <summary>A problem in a plan file, for people: what is wrong, where, and what to do.</summary>
/// <param name="File">File name as given.</param>
/// <param name="Line">Line, from 1.</param>
/// <param name="Column">Column, from 1.</param>
/// <param name="Field">Path of the field: <c>scenarios[0].steps[1].get</c>.</param>
/// <param name="Message">What is wrong.</param>
/// <param name="Remedy">What to do.</param>
public sealed record PlanProblem(string File, int Line, int Column, string Field, string Message, string Remedy)
{
    /// <summary><c>file:line:column: field: message. remedy</c></summary>
    public override string ToString() => $"{File}:{Line}:{Column}: {(Field.Length > 0 ? Field + ": " : "")}{Message}. {Remedy}";
}

/// <summary>A plan, or all that is wrong with it.</summary>
/// <param name="Plan">The plan; null when there are problems.</param>
/// <param name="Text">The text as read.</param>
/// <param name="Problems">All problems, in order of lines.</param>
public sealed record PlanResult(LoadPlan? Plan, string Text, IReadOnlyList<PlanProblem> Problems);

/// <summary>Reads plan files (YAML; JSON is read by the same reader, being YAML's subset).</summary>
public static class PlanReader
{
    /// <summary>Largest plan read, in bytes.</summary>
    public const int MaxBytes = 4 * 1024 * 1024;

    /// <summary>Reads a file. A missing, unreadable or too large one is a problem in the result, not an exception.</summary>
    public static PlanResult ReadFile(string path) => throw new NotImplementedException();

    /// <summary>Reads text; <paramref name="file"/> is only named in problems.</summary>
    public static PlanResult Parse(string text, string file) => throw new NotImplementedException();
}
