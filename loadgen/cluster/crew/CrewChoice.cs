using Pressure.LoadGen;

namespace Pressure.Cluster;

/// <summary>Chooses the workers of a run among those who are there. A pure function.</summary>
/// <param name="Workers">Who makes share 0, 1, ...; empty when there are problems.</param>
/// <param name="Weights">Of the shares, in the same order.</param>
/// <param name="Problems">What stands in the way.</param>
internal sealed record CrewChoice(IReadOnlyList<WorkerCard> Workers, IReadOnlyList<int> Weights, IReadOnlyList<CrewProblem> Problems)
{
    // Fine enough for any capacities, and far below what shares can be cut by.
    private const int FinestWeights = 10_000;

    /// <summary>More workers than shares can be cut for are refused.</summary>
    public const int MostWorkers = 1_000;

    /// <summary>Chooses by the wish, among cards of which one name may have several.</summary>
    public static CrewChoice Of(WorkersWish wish, IReadOnlyList<WorkerCard> there, string version)
    {
        var problems = new List<CrewProblem>();
        if (wish.Count is < 1 or > MostWorkers)
            problems.Add(new($"{wish.Count} workers can't be had: 1 to {MostWorkers} can.", "Ask for fewer."));
        var usable = Usable(there, version, problems).ToList();
        var chosen = wish.Regions.Count > 0 ? ByRegion(wish, usable, problems) : Any(wish, usable, problems);
        return problems.Count > 0 && chosen.Count < wish.Count ? new([], [], problems) : new(chosen.ConvertAll(c => c.Card), WholeWeights(chosen.ConvertAll(c => c.Part)), []);
    }

    /// <summary>Those who are free, of the right version and sure to be one.</summary>
    private static IEnumerable<WorkerCard> Usable(IReadOnlyList<WorkerCard> there, string version, List<CrewProblem> problems)
    {
        foreach (var name in there.GroupBy(c => c.Name))
        {
            var card = name.First();
            if (name.Count() > 1)
                problems.Add(new($"{name.Count()} workers are called {Shown(card.Name)}, so none of them is taken.", "Start each with a name of its own (--name)."));
            else if (card.Version != version)
                problems.Add(new($"Worker {Shown(card.Name)} has version {Shown(card.Version)}, this is version {version}.", "Update the older one: a run is made by one version."));
            else if (card.Run is { } busy)
                problems.Add(new($"Worker {Shown(card.Name)} works for the run {Shown(busy)}.", "Wait for that run's end, or start more workers."));
            else
                yield return card;
        }
    }

    private static List<(WorkerCard Card, double Part)> Any(WorkersWish wish, List<WorkerCard> usable, List<CrewProblem> problems)
    {
        if (usable.Count < wish.Count)
            problems.Add(TooFew(wish.Count, usable.Count, ""));
        return Weighted([.. Strongest(usable).Take(wish.Count)], 1);
    }

    private static List<(WorkerCard Card, double Part)> ByRegion(WorkersWish wish, List<WorkerCard> usable, List<CrewProblem> problems)
    {
        var chosen = new List<(WorkerCard, double)>();
        var regions = wish.Regions.OrderBy(r => r.Key, StringComparer.Ordinal).ToList();
        if (regions.Count > wish.Count)
        {
            problems.Add(new($"{wish.Count} workers can't make the load of {regions.Count} regions.", "Ask for at least one worker for each region."));
            return chosen;
        }
        var counts = Apportioned([.. regions.Select(r => r.Value)], wish.Count);
        foreach (var ((region, part), count) in regions.Zip(counts))
        {
            var there = usable.FindAll(c => c.Region == region);
            if (there.Count < count)
                problems.Add(TooFew(count, there.Count, $" in region {region}"));
            chosen.AddRange(Weighted([.. Strongest(there).Take(count)], part));
        }
        return chosen;
    }

    private static CrewProblem TooFew(int wanted, int there, string where) => there == 0
        ? new($"No worker{where} is ready, {wanted} {(wanted == 1 ? "is" : "are")} wanted.", $"Start {(wanted == 1 ? "one" : "them")} with: pressure worker --broker URL{(where.Length > 0 ? " --region NAME" : "")}.")
        : new($"Only {there} worker{(there == 1 ? "" : "s")}{where} {(there == 1 ? "is" : "are")} ready, {wanted} are wanted.", "Start more workers, or ask for fewer (--workers).");

    private static IEnumerable<WorkerCard> Strongest(IEnumerable<WorkerCard> cards) => cards.OrderByDescending(c => c.Capacity).ThenBy(c => c.Name, StringComparer.Ordinal);

    /// <summary>By capacity; equal as soon as one of them is unknown.</summary>
    private static List<(WorkerCard Card, double Part)> Weighted(List<WorkerCard> cards, double part)
    {
        var known = cards.TrueForAll(c => c.Capacity > 0 && double.IsFinite(c.Capacity));
        var sum = known ? cards.Sum(c => c.Capacity) : cards.Count;
        return cards.ConvertAll(c => (c, part * (known ? c.Capacity : 1) / sum));
    }

    private static IReadOnlyList<int> WholeWeights(List<double> parts)
    {
        if (parts.Count == 0)
            return [];
        // Equal parts are equal weights, whatever the last digits of their division.
        if (parts.Max() - parts.Min() < 1e-9)
            return [.. parts.Select(_ => 1)];
        var weights = Apportioned(parts, Math.Max(FinestWeights, parts.Count));
        var divisor = weights.Aggregate(Gcd);
        return [.. weights.Select(w => w / divisor)];
    }

    /// <summary>Whole numbers of a sum in proportion, at least one each: largest remainder after one for each.</summary>
    private static int[] Apportioned(IReadOnlyList<double> parts, int sum)
    {
        var all = parts.Sum();
        var exact = parts.Select(p => p / all * sum).ToArray();
        var whole = exact.Select(e => Math.Max(1, (int)Math.Floor(e + 1e-9))).ToArray();
        while (whole.Sum() < sum)
            whole[IndexOfMax(i => exact[i] - whole[i])]++;
        while (whole.Sum() > sum)
            whole[IndexOfMax(i => whole[i] > 1 ? whole[i] - exact[i] : double.NegativeInfinity)]--;
        return whole;

        int IndexOfMax(Func<int, double> value) => Enumerable.Range(0, whole.Length).MaxBy(value);
    }

    private static int Gcd(int a, int b) => b == 0 ? a : Gcd(b, a % b);

    private static string Shown(string text) => text.Length <= 64 && !text.Any(char.IsControl) ? text : string.Concat(text.Where(c => !char.IsControl(c)).Take(64));
}
