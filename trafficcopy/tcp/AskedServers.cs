using System.Buffers.Binary;
using System.Net;

namespace Pressure.TrafficCopy;

/// <summary>Which servers' connections are asked for: those of one of the ports in one of the networks. Either list may be empty, for all.</summary>
public sealed record AskedServers
{
    /// <summary>Every connection.</summary>
    public static AskedServers All { get; } = new();

    /// <summary>Ports that are asked for; empty for all.</summary>
    public IReadOnlyList<int> Ports { get; init; } = [];

    /// <summary>Addresses that are asked for; empty for all. An address alone is a network of one.</summary>
    public IReadOnlyList<IPNetwork> Networks { get; init; } = [];
}

/// <summary>The same, ready to be asked for every packet.</summary>
internal sealed class AskedFilter
{
    private readonly ulong[]? _ports;
    private readonly Range[] _ranges;

    public AskedFilter(AskedServers asked)
    {
        _ranges = [.. asked.Networks.Select(Range.Of)];
        if (asked.Ports.Count == 0)
            return;
        _ports = new ulong[1024];
        foreach (var port in asked.Ports)
            _ports[(port & 0xFFFF) >> 6] |= 1UL << (port & 63);
    }

    /// <summary>Whether either end is a server that is asked for.</summary>
    public bool Asks(in FlowKey flow) => AsksSender(flow) || AsksReceiver(flow);

    /// <summary>
    /// Whether a segment's sender is the client, for want of a SYN: the other end is a server that is asked for, or has the lower port. With nothing to
    /// tell them apart it is the one who speaks first.
    /// </summary>
    public bool IsFromClient(in FlowKey flow)
    {
        var (sender, receiver) = (AsksSender(flow), AsksReceiver(flow));
        return sender == receiver ? flow.ToPort <= flow.FromPort : receiver;
    }

    private bool AsksSender(in FlowKey flow) => Asks(flow.FromHigh, flow.FromLow, flow.FromPort);

    private bool AsksReceiver(in FlowKey flow) => Asks(flow.ToHigh, flow.ToLow, flow.ToPort);

    private bool Asks(ulong high, ulong low, int port)
    {
        if (_ports is not null && (_ports[port >> 6] >> (port & 63) & 1) == 0)
            return false;
        if (_ranges.Length == 0)
            return true;
        foreach (ref readonly var range in _ranges.AsSpan())
        {
            if (range.Holds(high, low))
                return true;
        }
        return false;
    }

    private readonly record struct Range(ulong High, ulong Low, ulong HighMask, ulong LowMask)
    {
        public static Range Of(IPNetwork network)
        {
            var isIpv4 = network.BaseAddress.AddressFamily == System.Net.Sockets.AddressFamily.InterNetwork;
            var bytes = network.BaseAddress.MapToIPv6().GetAddressBytes();
            var length = network.PrefixLength + (isIpv4 ? 96 : 0);
            return new Range(BinaryPrimitives.ReadUInt64BigEndian(bytes), BinaryPrimitives.ReadUInt64BigEndian(bytes.AsSpan(8)), Mask(length), Mask(length - 64));
        }

        public bool Holds(ulong high, ulong low) => ((high ^ High) & HighMask) == 0 && ((low ^ Low) & LowMask) == 0;

        private static ulong Mask(int ones) => ones <= 0 ? 0 : ones >= 64 ? ulong.MaxValue : ulong.MaxValue << (64 - ones);
    }
}
