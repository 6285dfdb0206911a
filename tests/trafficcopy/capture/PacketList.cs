namespace Pressure.TrafficCopy.Tests;

/// <summary>A packet, kept.</summary>
public sealed record KeptPacket(long At, LinkType Link, byte[] Data, long Length);

/// <summary>Keeps packets and secrets, up to a limit.</summary>
public sealed class PacketList : IPacketSink, ISecretsSink
{
    /// <summary>What came.</summary>
    public List<KeptPacket> Packets { get; } = [];

    /// <summary>What was handed over as a key log.</summary>
    public List<string> Secrets { get; } = [];

    /// <summary>Reads a file's bytes.</summary>
    public static (CaptureFileOutcome Outcome, PacketList List, CaptureAccounts Accounts) Of(byte[] file)
    {
        var (list, accounts) = (new PacketList(), new CaptureAccounts());
        return (CaptureFileReader.Read(new MemoryStream(file), "x.pcap", list, accounts, new CaptureReadOptions { Secrets = list }), list, accounts);
    }

    /// <inheritdoc/>
    public void Take(in CapturedPacket packet) => Packets.Add(new KeptPacket(packet.At, packet.Link, packet.Data.ToArray(), packet.Length));

    /// <inheritdoc/>
    public void TakeKeyLog(ReadOnlySpan<byte> text) => Secrets.Add(System.Text.Encoding.ASCII.GetString(text));
}
