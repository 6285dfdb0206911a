namespace Pressure.Chaos;

/// <summary>What is never struck, and what must say that it may be.</summary>
/// <param name="OptInLabel">Label and value that containers and pods must bear; null if nobody has to opt in.</param>
/// <param name="Names">Names that are never struck, patterns with <c>*</c>, whatever kind of thing bears them.</param>
/// <param name="Pids">Processes of this host that are never struck, nor the containers whose first process they are.</param>
public sealed record Protection(KeyValuePair<string, string>? OptInLabel, IReadOnlyList<string> Names, IReadOnlyList<int> Pids)
{
    /// <summary><c>pressure.chaos=allow</c>, nothing else protected.</summary>
    public static Protection Usual { get; } = new(KeyValuePair.Create("pressure.chaos", "allow"), [], []);

    /// <summary>Commands of processes that are never struck, patterns with <c>*</c>: a container may be called <c>init</c>, a process of that name carries the machine.</summary>
    public IReadOnlyList<string> Commands { get; init; } = [];

    /// <summary>Containers of this host that are never struck, by id: what protected processes run in.</summary>
    public IReadOnlyList<string> Containers { get; init; } = [];

    /// <summary>
    /// What opts processes and hosts in, which bear no labels: names, patterns with <c>*</c>. Null: those that a selector names without <c>*</c>, or by
    /// process id, are meant and may be struck.
    /// </summary>
    public IReadOnlyList<string>? Allowed { get; init; }
}
