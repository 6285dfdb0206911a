namespace Pressure.Faults;

/// <summary>What this host's kernel and programs can do to networks.</summary>
/// <param name="PacketFilter">The packet filter's version; null if it can't be used.</param>
/// <param name="Ipv6Filter">Whether IPv6 is filtered too.</param>
/// <param name="Netem">Whether the kernel delays packets itself.</param>
public sealed record NetworkCapabilities(string? PacketFilter, bool Ipv6Filter, bool Netem)
{
    /// <summary>Looks, by trying each in a network of its own that is gone at once.</summary>
    public static async Task<NetworkCapabilities> DetectAsync(CancellationToken stop)
    {
        var version = await TryAsync("iptables", ["--version"], stop);
        return new(version, await TryAsync("ip6tables-save", [], stop) is not null, await HasNetemAsync(stop));
    }

    /// <summary>Whether the kernel delays packets itself.</summary>
    public static async Task<bool> HasNetemAsync(CancellationToken stop) =>
        await TryAsync("unshare", ["--net", "tc", "qdisc", "add", "dev", "lo", "root", "netem", "delay", "1ms"], stop) is not null;

    /// <summary>For people, a line each.</summary>
    public IEnumerable<string> Lines()
    {
        yield return PacketFilter is null ? "Packet filter: none (install iptables); network faults are refused." : $"Packet filter: {PacketFilter}{(Ipv6Filter ? ", IPv6 too" : ", IPv4 only")}.";
        yield return Netem ? "Delay: by the kernel (netem) for all packets, by a relay for chosen addresses and ports." : "Delay: by a relay (the kernel has no netem), TCP only.";
    }

    private static async Task<string?> TryAsync(string program, string[] arguments, CancellationToken stop)
    {
        try
        {
            var result = await SystemProgram.RunAsync(program, arguments, stop);
            return result.Code == 0 ? result.Output.Trim() : null;
        }
        catch (FaultException)
        {
            return null;
        }
    }
}
