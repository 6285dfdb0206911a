using Pressure.Faults;

namespace Pressure.Chaos;

/// <summary>Chooses what is struck: a pure function.</summary>
/// <remarks>
/// <code>
///   candidates ─▶ meant by the selector ─┬─▶ may be struck = matching ─▶ mode ─▶ targets
///                                        └─▶ must not be    = spared
/// </code>
/// What a selector names must be there and be allowed: it is never less than was asked for without a word.
/// </remarks>
public static class Selecting
{
    /// <summary>Chooses.</summary>
    /// <param name="selector">What is meant.</param>
    /// <param name="candidates">What there is.</param>
    /// <param name="protection">What is never struck.</param>
    /// <param name="random">Where chance comes from.</param>
    public static Selection Choose(TargetSelector selector, IReadOnlyList<Candidate> candidates, Protection protection, Random random)
    {
        if (!SelectorMatching.HasCondition(selector))
            return new Selection.Nothing("The selector has no condition, so it means nothing.", $"Say which {Plural(selector.Kind)} are meant: {Conditions(selector.Kind)}.");
        // Sorted, so that the same chance strikes the same; what is told of twice, running and not, does not run.
        var meant = candidates.Where(c => SelectorMatching.IsMeant(selector, c)).OrderBy(c => c.Running).DistinctBy(c => (c.Host, c.Target)).OrderBy(c => c.Host, StringComparer.Ordinal)
            .ThenBy(c => c.Name, StringComparer.Ordinal).ThenBy(c => c.Target.ToString(), StringComparer.Ordinal).ToList();
        List<Candidate> matching = [];
        List<(Candidate Candidate, string Why)> spared = [];
        foreach (var candidate in meant)
        {
            if (Sparing.Why(candidate, selector, protection) is { } why)
                spared.Add((candidate, why));
            else
                matching.Add(candidate);
        }
        return Missing(selector, candidates, matching, spared) ?? Chosen(selector, matching, spared, random);
    }

    private static Selection Chosen(TargetSelector selector, List<Candidate> matching, List<(Candidate Candidate, string Why)> spared, Random random)
    {
        if (matching.Count == 0 && spared.Count == 0)
            return new Selection.Nothing($"No {Singular(selector.Kind)} matches the selector.", "Look at its conditions: all of them must hold together.");
        if (matching.Count == 0)
            return new Selection.Nothing($"Everything that the selector means must not be struck: {string.Join("; ", spared.Take(5).Select(s => $"{s.Candidate.Target.Label} {s.Why}"))}{(spared.Count > 5 ? "; ..." : "")}.", OptIn(selector.Kind));
        return Count(selector.Mode, matching.Count, random) switch
        {
            (var count, null) => new Selection.Chosen(Draw(matching, count, random), matching, spared),
            (_, { } why) => new Selection.Nothing(why, "Take a larger number or share, or let more of them match."),
        };
    }

    /// <summary>The names, and for hosts their hosts, that a selector gives without <c>*</c>, each of which must be there and allowed.</summary>
    private static Selection.Nothing? Missing(TargetSelector selector, IReadOnlyList<Candidate> candidates, List<Candidate> matching, List<(Candidate Candidate, string Why)> spared)
    {
        List<string> problems = [];
        foreach (var name in SelectorMatching.Named(selector))
        {
            foreach (var same in spared.Where(s => SelectorMatching.IsCalled(selector, s.Candidate, name)).GroupBy(s => Place(s.Candidate)))
            {
                // Of processes several have one name: one that may be struck is enough, the others are told of as spared.
                if (!matching.Any(m => SelectorMatching.IsCalled(selector, m, name) && Place(m) == same.Key))
                    problems.Add($"{name} {same.First().Why}");
            }
            if (matching.Concat(spared.Select(s => s.Candidate)).Any(c => SelectorMatching.IsCalled(selector, c, name)))
                continue;
            problems.Add(candidates.Any(c => c.Target.Kind == selector.Kind && SelectorMatching.IsCalled(selector, c, name))
                ? $"{name} is there, but another condition of the selector does not hold for it"
                : $"{name} is not there");
        }
        return problems.Count == 0 ? null : new($"What the selector names can't be struck: {string.Join("; ", problems)}.", $"Name only what is there and may be struck. {OptIn(selector.Kind)}");
    }

    private static (string Host, string Namespace) Place(Candidate candidate) => (candidate.Host, candidate.Target is FaultTarget.Pod pod ? pod.Namespace : "");

    /// <summary>How many are struck, or why none is.</summary>
    private static (int Count, string? WhyNot) Count(SelectionMode mode, int matching, Random random) => mode switch
    {
        SelectionMode.One => (1, null),
        SelectionMode.All => (matching, null),
        SelectionMode.Fixed(var count) when count <= 0 => (0, $"A selection of {count} strikes nothing."),
        SelectionMode.Fixed(var count) => count <= matching ? (count, null) : (0, $"{count} are to be struck, and only {matching} match."),
        SelectionMode.Percent(var share) => Whole(share, matching) is > 0 and var count ? (count, null) : (0, LessThanOne(mode, matching)),
        SelectionMode.UpTo(var share) => Whole(share, matching) is > 0 and var most ? (random.Next(1, most + 1), null) : (0, LessThanOne(mode, matching)),
        _ => throw new System.Diagnostics.UnreachableException($"A mode was added and does not say how many it takes: {mode.GetType().Name}"),
    };

    /// <summary>A share rounded down; what is not between 0 and 1 takes nothing. The tiny addend keeps 29 % of 100 at 29.</summary>
    private static int Whole(double share, int of) => share is > 0 and <= 1 ? Math.Min(of, (int)Math.Floor((share * of) + 1e-9)) : 0;

    private static string LessThanOne(SelectionMode mode, int matching) => $"{mode} of {matching} is less than one, so nothing would be struck.";

    /// <summary>Takes so many of them, each set equally likely; kept in their order.</summary>
    private static List<Candidate> Draw(List<Candidate> from, int count, Random random)
    {
        var order = Enumerable.Range(0, from.Count).ToArray();
        for (var i = 0; i < count; i++)
        {
            var other = random.Next(i, order.Length);
            (order[i], order[other]) = (order[other], order[i]);
        }
        return [.. order.Take(count).Order().Select(i => from[i])];
    }

    private static string Singular(TargetKind kind) => kind switch
    {
        TargetKind.Container => "container",
        TargetKind.Process => "process",
        TargetKind.Host => "host",
        TargetKind.Pod => "pod",
        _ => "route",
    };

    private static string Plural(TargetKind kind) => kind == TargetKind.Process ? "processes" : $"{Singular(kind)}s";

    private static string Conditions(TargetKind kind) => kind switch
    {
        TargetKind.Container => "names, labels, image or project",
        TargetKind.Pod => "names, labels, image or namespace",
        TargetKind.Process => "names or process ids",
        TargetKind.Host => "hosts by their names",
        _ => "the route's addresses",
    };

    private static string OptIn(TargetKind kind) => kind switch
    {
        TargetKind.Container or TargetKind.Pod => "What may be struck runs, bears the opt-in label, and is not on the protected list.",
        _ => "What may be struck is named without *, or stands in the guards' allow-list, and is not on the protected list.",
    };
}
