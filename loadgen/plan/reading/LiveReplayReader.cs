using System.Net;

namespace Pressure.LoadGen;

/// <summary>Reads <c>load.replay.live</c>: traffic that is replayed while it passes.</summary>
internal static class LiveReplayReader
{
    private const int MostSources = 100;
    private const string Example = "live: { agents: [ web1, web2 ], ports: [ 80 ] }";

    // What only what is there already can have.
    private static readonly string[] OfCaptures = ["capture", "captures", "speed", "rate", "loop", "align", "connections"];

    private static readonly TimeSpan ShortestDelay = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan LongestDelay = TimeSpan.FromMinutes(1);

    /// <summary>The sources; null when none are asked for, or after reporting.</summary>
    public static LiveOrder? Read(FieldReader fields, CapturePlace place)
    {
        if (fields["live"] is not { } node || FieldReader.Open(node, fields.PathTo("live"), PlanKeys.Live, fields.Problems) is not { } live)
            return null;
        foreach (var key in OfCaptures.Where(fields.Has))
            fields.Report(key, "stands beside live, but what passes has the timing that it has", "Remove it, or make a capture first and replay that.");
        var order = new LiveOrder
        {
            Agents = ReplayLists.Texts(live, "agents", $"Name agents: {Example}."),
            Interface = live.Read("interface", PlainText.Any, "any"),
            Ports = [.. Ports(live)],
            Servers = [.. Servers(live)],
            Delay = live.Read("delay", PlainText.Duration(ShortestDelay, LongestDelay), TimeSpan.FromSeconds(2)),
        };
        if (order.Agents.Count == 0 && !live.Has("interface"))
            fields.Report("live", "names neither agents nor an interface of this machine", $"Write {Example}, or live: {{ interface: eth0 }}.");
        else if (order.Agents.Count == 0 && place.Folder is null)
            fields.Report("live", "names an interface of the machine that the plan runs on, and a service does not look at its own", $"Name agents of hosts where it passes ({Example}), or run the plan on that machine from the command line: pressure run.");
        if (order.Agents.Distinct(StringComparer.OrdinalIgnoreCase).Count() < order.Agents.Count)
            live.Report("agents", "names one twice", "Name each once.");
        return order;
    }

    private static IEnumerable<int> Ports(FieldReader live)
    {
        foreach (var (node, path) in ReplayLists.Items(live, "ports", MostSources, "Name the servers' ports: ports: [ 80 ]."))
        {
            if (ScalarReader.TryRead(node, path, PlainText.WholeNumber(1, 65_535), live.Problems, out var port))
                yield return port;
        }
    }

    private static IEnumerable<string> Servers(FieldReader live)
    {
        foreach (var (node, path) in ReplayLists.Items(live, "servers", MostSources, "Name addresses or networks: servers: [ 10.0.0.0/8 ]."))
        {
            if (ScalarReader.TryRead<string>(node, path, Server, live.Problems, out var server))
                yield return server;
        }
    }

    private static Complaint? Server(string text, out string value)
    {
        value = text;
        return IPAddress.TryParse(text, out _) || IPNetwork.TryParse(text, out _) ? null : new($"'{Shown.Of(text)}' is no address of a server", "Write 10.0.0.7 or 10.0.0.0/8.");
    }
}
