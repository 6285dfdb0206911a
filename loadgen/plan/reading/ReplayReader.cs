namespace Pressure.LoadGen;

/// <summary>Reads <c>load.replay</c>. What stands in the captures others read.</summary>
internal static class ReplayReader
{
    public const int MostCopies = 1000;

    private const int MostCaptures = 100;
    private const string Example = "replay: { capture: shop.capture, speed: 2x }";

    private static readonly string[] CaptureKeys = ["capture", "captures"];

    // Writing is for those who ask for it.
    private static readonly string[] SafeMethods = ["GET", "HEAD", "OPTIONS"];

    private static readonly TimeSpan LongestJitter = TimeSpan.FromMinutes(10);

    /// <summary>The replay; null after reporting.</summary>
    /// <param name="node">Its map.</param>
    /// <param name="load">The load that it stands in.</param>
    /// <param name="place">Where captures are.</param>
    public static Load.Replay? Read(PlanNode node, FieldReader load, CapturePlace place)
    {
        if (FieldReader.Open(node, load.PathTo("replay"), PlanKeys.Replay, load.Problems) is not { } fields)
            return null;
        var speed = fields.Read<double>("speed", SpeedText.Parse, 1);
        var rate = fields.Read<Rate>("rate", RateText.ParsePositive, default) is { Count: > 0 } given ? given : (Rate?)null;
        var live = LiveReplayReader.Read(fields, place);
        var captures = fields.Has("live") ? [] : ReadCaptures(fields, place);
        var order = new ReplayOrder
        {
            Captures = [.. captures.Select(c => c.Path)],
            Places = [.. captures.Select(c => (c.At.Line, c.At.Column, c.Field))],
            Live = live,
            Speed = speed,
            Rate = rate,
            Multiply = fields.Read("multiply", PlainText.WholeNumber(1, MostCopies), 1),
            Jitter = fields.Read("jitter", PlainText.Duration(TimeSpan.Zero, LongestJitter), TimeSpan.FromSeconds(1)),
            Loops = fields.Read<int>("loop", ReadLoop, 1),
            Duration = load.Has("duration") ? load.Read("duration", PlainText.Duration(LoadReader.Shortest, PlanLimits.LongestDuration), default) : null,
            AlignsByClock = fields.Read("align", PlainText.OneOf(("begin", false), ("time", true)), false),
            Connections = fields.Read("connections", PlainText.WholeNumber(1, PlanLimits.MostUsers), 64),
            Methods = [.. SafeMethods.Concat(ReplayLists.Methods(fields)).Distinct()],
            Hosts = ReplayLists.Patterns(fields, "hosts"),
            Paths = ReplayLists.Patterns(fields, "paths"),
            ExceptPaths = ReplayLists.Patterns(fields, "except"),
            Share = fields.Read<double>("share", PercentText.Parse, 1),
            Rewrites = RewriteReader.ReadAll(fields),
            Carries = CarryReader.ReadAll(fields),
            CarriesCookies = fields.Read("cookies", PlainText.Switch, true),
            Compare = ReadComparison(fields),
            Tcp = fields.Read("tcp", PlainText.Switch, false),
        };
        CheckTogether(order, load, fields);
        return new(order);
    }

    private static void CheckTogether(ReplayOrder order, FieldReader load, FieldReader fields)
    {
        if (fields.Has("speed") && fields.Has("rate"))
            fields.Report("rate", "is given beside a speed", "Keep one of them: a speed keeps the captured distances, a rate does not.");
        if (fields.Has("jitter") && (order.Rate is not null || order.IsAsFastAsPossible))
            fields.Report("jitter", "moves copies apart at captured timing, but here " + (order.Rate is null ? "all go as fast as possible" : "a rate says when requests are due"), "Remove it.");
        else if (fields.Has("jitter") && order.Multiply == 1)
            fields.Report("jitter", "moves copies of clients apart, but there are none", "Remove it, or write multiply: 5.");
        if (fields.Has("connections") && !order.IsAsFastAsPossible)
            fields.Report("connections", "is for a replay as fast as possible; otherwise each captured client has its own", "Remove it, or write speed: max.");
        if (fields.Has("align") && order.Captures.Count == 1)
            fields.Report("align", "is for several captures, but there is one", "Remove it.");
        if (order.Loops == int.MaxValue && order.Duration is null)
            load.Report("duration", "is missing, and the replay goes on forever", "Write how long, such as load: { replay: ..., duration: 10m }, or how often, such as loop: 3.");
    }

    private static List<(string Path, PlanNode At, string Field)> ReadCaptures(FieldReader fields, CapturePlace place)
    {
        const string remedy = $"Name the capture's file, such as {Example}.";
        if (fields.Has("capture") && fields.Has("captures"))
            fields.Report("captures", "stands beside capture", "Write all of them as captures: [ one.capture, two.pcap ].");
        else if (!fields.Has("capture") && !fields.Has("captures"))
            fields.Report("capture", "is missing", remedy);
        var captures = new List<(string Path, PlanNode At, string Field)>();
        foreach (var key in CaptureKeys.Where(fields.Has))
        {
            foreach (var (node, path) in ReplayLists.Items(fields, key, MostCaptures, remedy))
            {
                if (!ScalarReader.TryRead<string>(node, path, PlainText.Any, fields.Problems, out var name))
                    continue;
                if (place.Complaint(name) is { } complaint)
                    fields.Problems.Add(node, path, complaint);
                else
                    captures.Add((place.PathOf(name), node, path));
            }
        }

        return captures;
    }

    private static Complaint? ReadLoop(string text, out int value)
    {
        value = int.MaxValue;
        return text == "forever" ? null : PlainText.WholeNumber(1, 1_000_000)(text, out value) is null ? null
            : new($"'{Shown.Of(text)}' is neither a number of times nor forever", "Write how often, such as 3, or forever.");
    }

    private static ReplayComparison? ReadComparison(FieldReader fields)
    {
        if (fields["compare"] is not { } node)
            return null;
        if (node is PlanNode.Scalar)
            return fields.Read("compare", PlainText.Switch, false) ? new([], null, null) : null;
        if (FieldReader.Open(node, fields.PathTo("compare"), PlanKeys.Comparison, fields.Problems) is not { } compare)
            return null;
        if (compare.Has("secondary"))
            compare.Required("primary", "Name the server that the second one is like: primary: http://127.0.0.1:5081.");
        return new(
            ReplayLists.Texts(compare, "ignore", "Write fields that do not matter: ignore: [ \"header:Date\", $.time ]."),
            compare.Read<Uri?>("primary", ReadServer, null),
            compare.Read<Uri?>("secondary", ReadServer, null));
    }

    private static Complaint? ReadServer(string text, out Uri? url)
    {
        var complaint = UrlText.ParseTarget(text, out var parsed);
        url = parsed;
        return complaint;
    }
}

/// <summary>Where the captures are that a plan names: files beside it, or in the one folder that a service keeps them in.</summary>
/// <param name="Folder">The plan's folder; null when the plan is a text without one.</param>
/// <param name="Kept">The folder of a service; null where none are kept.</param>
internal readonly record struct CapturePlace(string? Folder, string? Kept)
{
    /// <summary>What is wrong with a name; null if nothing.</summary>
    public Complaint? Complaint(string name) =>
        name.Trim().Length == 0 || name.Contains('\0', StringComparison.Ordinal) ? new("is no name of a file", "Name the capture's file.")
        : Folder is not null ? null
        : Kept is null ? new("captures can't be read here", "Run the plan as a file from the command line; its captures lie beside it.")
        : Path.GetFileName(name) != name || name is "." or ".." ? new($"'{Shown.Of(name)}' is a path", "Name a file in the service's folder of captures, without a path.")
        : null;

    /// <summary>The file of a name.</summary>
    public string PathOf(string name) => Path.Combine(Folder ?? Kept!, name);
}
