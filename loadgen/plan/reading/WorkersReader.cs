namespace Pressure.LoadGen;

/// <summary>Reads <c>workers:</c>: a number, or who is to make how much.</summary>
internal static class WorkersReader
{
    private const int LongestRegion = 63;
    private const string Remedy = "Write a number such as workers: 8, or { count: 8, regions: { eu: 60%, us: 40% } }.";
    private const string RegionsRemedy = "Write each region with its share: regions: { eu: 60%, us: 40% }.";

    private static readonly TimeSpan ShortestHeartbeat = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan LongestHeartbeat = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan LongestLease = TimeSpan.FromHours(1);
    private static readonly ValueReader<int> Number = PlainText.WholeNumber(1, PlanLimits.MostWorkers);

    /// <summary>The wish; null without one, or after reporting.</summary>
    public static WorkersWish? Read(PlanNode? node, ProblemList problems) => node switch
    {
        null => null,
        PlanNode.Scalar => ScalarReader.TryRead(node, "workers", Number, problems, out var count) ? new() { Count = count } : null,
        PlanNode.Mapping => FieldReader.Open(node, "workers", PlanKeys.Workers, problems) is { } fields ? Read(fields) : null,
        _ => Refuse(node, problems),
    };

    private static WorkersWish Read(FieldReader fields)
    {
        fields.Required("count", Remedy);
        var usual = new WorkersWish { Count = 1 };
        var wish = new WorkersWish
        {
            Count = fields.Read("count", Number, 0),
            Regions = Regions(fields),
            Heartbeat = fields.Read("heartbeat", PlainText.Duration(ShortestHeartbeat, LongestHeartbeat), usual.Heartbeat),
            Lease = fields.Read("lease", PlainText.Duration(WorkersWish.ShortestLease(ShortestHeartbeat), LongestLease), TimeSpan.Zero),
            Tolerance = fields.Read<double>("tolerate", PercentText.ParseFromZero, usual.Tolerance),
        };
        var shortest = WorkersWish.ShortestLease(wish.Heartbeat);
        if (wish.Lease < shortest)
            fields.Report("lease", "is shorter than one and a half heartbeats: whoever is late for a moment would lose its share", FormattableString.Invariant($"Write {shortest.TotalSeconds:0.###}s or more, or a shorter heartbeat."));
        if (wish.Count > 0 && wish.Regions.Count > wish.Count)
            fields.Report("count", $"is {wish.Count:N0}, but there are {wish.Regions.Count:N0} regions, and each needs a worker", "Have more workers, or fewer regions.");
        return wish;
    }

    private static Dictionary<string, double> Regions(FieldReader fields)
    {
        var (regions, allRead) = (new Dictionary<string, double>(), true);
        foreach (var (key, value, path) in PairReader.Pairs(fields, "regions", RegionsRemedy))
        {
            if (ParseRegion(key.Text) is { } complaint)
                fields.Problems.Add(key, path, complaint);
            else if (!ScalarReader.TryRead<double>(value, path, PercentText.Parse, fields.Problems, out var share))
                allRead = false;
            else if (!regions.TryAdd(key.Text, share))
                fields.Problems.Add(key, path, $"'{Shown.Of(key.Text)}' is given twice", "Keep one of them.");
        }
        if (fields["regions"] is PlanNode.Mapping { Entries.Count: 0 } or PlanNode.Sequence { Items.Count: 0 })
            fields.Report("regions", "names no region", RegionsRemedy);
        else if (allRead && regions.Count > 0 && Math.Round(regions.Values.Sum(), 6) != 1)
            fields.Report("regions", $"the shares make {regions.Values.Sum() * 100:0.####}%, not 100%", "Change them so that they add up to 100%.");
        return regions;
    }

    private static Complaint? ParseRegion(string text) => text.Length is 0 or > LongestRegion || text.Any(c => !char.IsLetterOrDigit(c) && c is not ('-' or '_' or '.'))
        ? new($"'{Shown.Of(text)}' is no name of a region", $"Use up to {LongestRegion} letters, digits, '-', '_' and '.', as the workers' labels have them.")
        : null;

    private static WorkersWish? Refuse(PlanNode node, ProblemList problems)
    {
        problems.Add(node, "workers", $"is {node.Kind}", Remedy);
        return null;
    }
}
