using System.Net;
using Pressure.TrafficCopy;

namespace Pressure.Agent;

/// <summary>A capture as it was asked for and allowed, checked. Everything that it may hold is bounded, since the agent lives beside what is measured.</summary>
internal sealed record CaptureTerms
{
    private const int MostWords = 100;
    private const int LongestWord = 2_000;

    public required LiveCaptureOptions Live { get; init; }

    public required CapturePipelineOptions Pipeline { get; init; }

    public required FilterRules Filter { get; init; }

    public required MaskRules Masks { get; init; }

    public required int WaitingBytes { get; init; }

    public required TimeSpan Lease { get; init; }

    /// <summary>What it captures, for people.</summary>
    public string What => $"{Live.Interface}, {(Live.Filter.Ports.Count == 0 ? "all ports" : $"port {string.Join(", ", Live.Filter.Ports)}")}";

    /// <summary>Reads what is asked for; null with problems, each with what to do.</summary>
    public static CaptureTerms? Of(CaptureAsk ask, CapturePermission allowed, out IReadOnlyList<string> problems)
    {
        var found = new List<string>();
        Check(ask, found);
        var ports = allowed.Of(ask.Ports);
        if (ports is null)
            found.Add($"The owner of this host lets port {string.Join(", ", allowed.Ports)} be captured, not {string.Join(", ", ask.Ports.Except(allowed.Ports))}. Ask for these, or start the agent with another --allow-capture.");
        // What is usually masked is masked whoever asks: the owner of the host has allowed looking at traffic, not at passwords.
        var masks = MaskSpec.Read(MaskRules.Default with { Hash = ask.Hash }, ask.Masks, [], out var wrong);
        found.AddRange(wrong);
        var networks = ask.Servers.Select(Network).ToList();
        found.AddRange(ask.Servers.Zip(networks).Where(s => s.Second is null).Select(s => $"'{s.First}' is no address of a server. Write 10.0.0.7 or 10.0.0.0/8."));
        problems = found;
        return found.Count > 0 ? null : new()
        {
            Live = LiveOf(ask, ports!, [.. networks.Select(n => n.ToString()!)]),
            Pipeline = PipelineOf(ask, new() { Ports = ports!, Networks = [.. networks.OfType<IPNetwork>()] }),
            Filter = new() { Methods = [.. ask.Methods.Select(m => m.ToUpperInvariant())], Hosts = ask.Hosts, Paths = ask.Paths, ExceptPaths = ask.Except, Share = ask.Share, Seed = ask.Seed },
            Masks = masks,
            WaitingBytes = ask.WaitingBytes,
            Lease = TimeSpan.FromSeconds(ask.Lease),
        };
    }

    private static LiveCaptureOptions LiveOf(CaptureAsk ask, IReadOnlyList<int> ports, IReadOnlyList<string> networks)
    {
        var standard = new LiveCaptureOptions
        {
            Interface = ask.Interface,
            Filter = new() { Ports = ports, Hosts = networks, Expression = ask.Filter, RequestsOnly = ask.RequestsOnly },
            CpuShare = ask.Cpu,
            BufferBytes = ask.BufferBytes,
        };
        return standard with
        {
            SnapLength = ask.Snap == 0 ? standard.SnapLength : ask.Snap,
            MaxTime = ask.Seconds == 0 ? standard.MaxTime : TimeSpan.FromSeconds(ask.Seconds),
            MaxBytes = ask.MaxBytes == 0 ? standard.MaxBytes : ask.MaxBytes,
        };
    }

    private static CapturePipelineOptions PipelineOf(CaptureAsk ask, AskedServers asked) => new()
    {
        Asked = asked,
        Limits = new() { Connections = 4_096, HeldBytes = 6 << 20, HeldBytesPerGap = 1 << 20, HeldPieces = 1_024, Retransmission = TimeSpan.FromSeconds(10), Idle = TimeSpan.FromMinutes(10) },
        Conversations = new()
        {
            Bodies = ask.Bodies switch { "none" => KeptBodies.None, "requests" => KeptBodies.Requests, _ => KeptBodies.All },
            BodyLimit = ask.BodyLimit,
            HeldPerConnection = 4 << 20,
            HeldInAll = 10 << 20,
            KeepRaw = ask.Tcp,
            KeepUpgraded = ask.Tcp,
        },
    };

    private static void Check(CaptureAsk ask, List<string> problems)
    {
        if (ask.Interface.Length is 0 or > 64)
            problems.Add("interface is no name. Write one as ip link lists them, or any.");
        if (ask.Filter.Length > LongestWord || !Closes(ask.Filter))
            problems.Add("filter has parentheses that do not fit, or is too long. Write it as for tcpdump.");
        if (ask.Bodies is not ("all" or "requests" or "none"))
            problems.Add("bodies is all, requests or none.");
        Within("cpu", ask.Cpu, 0.01, 1, problems);
        Within("share", ask.Share, double.Epsilon, 1, problems);
        Within("seconds", ask.Seconds, 0, 30 * 86_400, problems);
        Within("maxBytes", ask.MaxBytes, 0, 1L << 50, problems);
        Within("snap", ask.Snap, 0, 256 << 10, problems);
        Within("bodyLimit", ask.BodyLimit, 0, 1 << 20, problems);
        Within("bufferBytes", ask.BufferBytes, 1 << 20, 64 << 20, problems);
        Within("waitingBytes", ask.WaitingBytes, 1 << 20, 16 << 20, problems);
        Within("lease", ask.Lease, 1, 600, problems);
        IEnumerable<(string Name, IReadOnlyList<string> Words)> lists =
            [("servers", ask.Servers), ("masks", ask.Masks), ("methods", ask.Methods), ("hosts", ask.Hosts), ("paths", ask.Paths), ("except", ask.Except)];
        foreach (var (name, _) in lists.Where(l => l.Words.Count > MostWords || l.Words.Any(w => w is not { Length: > 0 and <= LongestWord })))
            problems.Add($"{name} takes up to {MostWords} texts of 1 to {LongestWord} letters.");
        if (ask.Ports.Count > MostWords || ask.Ports.Any(p => p is < 1 or > 65_535))
            problems.Add($"ports takes up to {MostWords} numbers from 1 to 65535.");
    }

    private static void Within(string name, double value, double least, double most, List<string> problems)
    {
        if (!(value >= least && value <= most))
            problems.Add($"{name} is {value}; it can be {(least == double.Epsilon ? "above 0" : $"from {least}")} to {most}.");
    }

    // It stands in parentheses in a condition that begins with the ports; one that closes them would get around these.
    private static bool Closes(string filter)
    {
        var depth = 0;
        foreach (var letter in filter)
        {
            depth += letter switch { '(' => 1, ')' => -1, _ => 0 };
            if (depth < 0)
                return false;
        }

        return depth == 0;
    }

    private static IPNetwork? Network(string text) =>
        text is null ? null : IPNetwork.TryParse(text, out var network) ? network
        : IPAddress.TryParse(text, out var address) ? new IPNetwork(address, address.GetAddressBytes().Length * 8)
        : null;
}
