namespace Pressure.LoadGen.Importing;

/// <summary>A plan made of another tool's file, or why there is none.</summary>
/// <param name="File">The source as named.</param>
/// <param name="Format">Its format; null when it was not recognised.</param>
/// <param name="Yaml">The plan file's text, which <see cref="PlanReader"/> reads without problems; null when there are problems.</param>
/// <param name="Taken">The requests of the plan, in order.</param>
/// <param name="NotTaken">Everything that could not be taken over.</param>
/// <param name="Notes">What was assumed or derived.</param>
/// <param name="Problems">Why there is no plan.</param>
public sealed record ImportResult(
    string File,
    ImportFormat? Format,
    string? Yaml,
    IReadOnlyList<TakenRequest> Taken,
    IReadOnlyList<NotTaken> NotTaken,
    IReadOnlyList<string> Notes,
    IReadOnlyList<ImportProblem> Problems);

/// <summary>A request of the plan.</summary>
/// <param name="Name">Name in the plan.</param>
/// <param name="Method">Method in capitals.</param>
/// <param name="Url">Path with query, or a whole URL.</param>
/// <param name="Weight">Weight in the plan.</param>
public sealed record TakenRequest(string Name, string Method, string Url, decimal Weight);

/// <summary>Something that could not be taken over.</summary>
/// <param name="What">What: <c>header Cookie</c>.</param>
/// <param name="Why">Why, and where there is one, the remedy.</param>
/// <param name="Count">How often.</param>
/// <param name="Where">Where it came first: <c>entry 3</c>, <c>line 12</c>; empty for the source as a whole.</param>
public sealed record NotTaken(string What, string Why, long Count, string Where)
{
    /// <summary><c>what: why (3 times, first at line 12)</c></summary>
    public override string ToString() => (Count, Where) switch
    {
        (1, "") => $"{What}: {Why}",
        (1, _) => $"{What}: {Why} ({Where})",
        (_, "") => $"{What}: {Why} ({Count:N0} times)",
        _ => $"{What}: {Why} ({Count:N0} times, first at {Where})",
    };
}

/// <summary>Why a source can't be imported.</summary>
/// <param name="Place"><c>file</c>, <c>file:line:column</c> or <c>file: path within</c>.</param>
/// <param name="Message">What is wrong.</param>
/// <param name="Remedy">What to do.</param>
public sealed record ImportProblem(string Place, string Message, string Remedy)
{
    /// <summary><c>place: message. remedy</c></summary>
    public override string ToString() => $"{Place}: {Message}. {Remedy}";
}
