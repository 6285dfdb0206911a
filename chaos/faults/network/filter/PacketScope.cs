using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;

namespace Pressure.Faults;

/// <summary>Which way packets go.</summary>
internal enum Direction
{
    /// <summary>Both.</summary>
    Both,

    /// <summary>To the target.</summary>
    In,

    /// <summary>From the target.</summary>
    Out,
}

/// <summary>Which packets of a target are meant, as arguments say.</summary>
/// <param name="To">Addresses, networks and names of the other end; none for all.</param>
/// <param name="Ports">Ports at either end; none for all.</param>
/// <param name="Direction">Which way.</param>
/// <param name="Protocol"><c>tcp</c>, <c>udp</c>, <c>all</c>.</param>
internal sealed record PacketScope(IReadOnlyList<string> To, IReadOnlyList<int> Ports, Direction Direction, string Protocol)
{
    /// <summary>What the kernel's match takes.</summary>
    private const int MostPorts = 15;
    private const int MostPeers = 32;

    /// <summary>Parameter: the other end.</summary>
    public static FaultParameter ToParameter { get; } = new("to", ParameterType.Text, "the other end: addresses, networks (10.0.0.0/8), host or container names, separated by commas; everything but loopback if left away", "");

    /// <summary>Parameter: ports.</summary>
    public static FaultParameter PortParameter { get; } = new("port", ParameterType.Text, "ports at either end, separated by commas; all if left away", "");

    /// <summary>Parameter: which way.</summary>
    public static FaultParameter DirectionParameter { get; } = new("direction", ParameterType.Text, "which packets: in (to the target), out (from it), both", "both");

    /// <summary>Parameter: protocol.</summary>
    public static FaultParameter ProtocolParameter { get; } = new("protocol", ParameterType.Text, "tcp, udp or all", "all");

    /// <summary>Reads the arguments of a fault that takes some of these parameters; adds to the problems what can't be.</summary>
    public static PacketScope Read(FaultDescription fault, JsonObject arguments, ICollection<string> problems)
    {
        return new(List(Text(ToParameter), MostPeers), [.. List(Text(PortParameter), MostPorts).Select(Port)], Way(Text(DirectionParameter)), Known(Text(ProtocolParameter)));

        string Text(FaultParameter parameter) =>
            fault.Parameters.Any(p => p.Name == parameter.Name) ? FaultArguments.Text(fault, arguments, parameter.Name)! : parameter.Default!;

        string[] List(string text, int most)
        {
            var items = text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
            if (items.Length > most)
                problems.Add($"{items.Length} are too many in '{text}': {most} at the most.");
            return items;
        }

        int Port(string text)
        {
            if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port is > 0 and <= ushort.MaxValue)
                return port;
            problems.Add($"'{text}' is no port: 1 to 65535.");
            return 0;
        }

        Direction Way(string text)
        {
            if (text is not ("in" or "out" or "both"))
                problems.Add($"'{text}' is no direction: in, out or both.");
            return text switch { "in" => Direction.In, "out" => Direction.Out, _ => Direction.Both };
        }

        string Known(string text)
        {
            if (text is not ("tcp" or "udp" or "all"))
                problems.Add($"'{text}' is no protocol: tcp, udp or all.");
            return text;
        }
    }

    /// <summary>What a host is spared: a fault without bounds, and whoever works on it from elsewhere.</summary>
    public IEnumerable<string> LifelinesCut(IReadOnlyList<IPNetwork> peers)
    {
        const int Ssh = 22;
        if (To.Count == 0 && Ports.Count == 0)
            yield return "A host's whole network would be struck, with whatever it is reached by: name addresses (to) or ports (port).";
        if (Ports.Contains(Ssh))
            yield return "Port 22 is how people reach the host.";
        if (Ports.Count > 0)
            yield break;
        foreach (var peer in peers.Where(p => p.PrefixLength < 8 || IPAddress.IsLoopback(p.BaseAddress) || Caller() is { } caller && p.Contains(caller)))
            yield return $"All of {peer} would be cut off from the host, and somebody who works on it may be there: name the ports that are meant (port).";
    }

    /// <summary>Whoever is logged in to the session that this runs in.</summary>
    private static IPAddress? Caller() =>
        Environment.GetEnvironmentVariable("SSH_CONNECTION")?.Split(' ') is [var address, ..] && IPAddress.TryParse(address, out var caller) ? caller : null;
}
