using System.Globalization;
using System.Text;

namespace Pressure.TrafficCopy;

/// <summary>The accounts of a capture as a table for people: what was read, and line by line what became of it.</summary>
public static class AccountsText
{
    private static readonly Happening[] Main = [Happening.Connection, Happening.Exchange];

    /// <summary>The table; what did not happen is left out.</summary>
    public static string Of(CaptureAccounts accounts)
    {
        var rows = Rows(accounts).ToList();
        var width = rows.Max(r => r.Name.Length);
        var digits = rows.Max(r => Number(r.Count).Length);
        var text = new StringBuilder();
        foreach (var (name, count) in rows)
            text.Append(name.PadRight(width + 2)).AppendLine(Number(count).PadLeft(digits));
        text.AppendLine(Verdict(accounts));
        return text.ToString();
    }

    /// <summary>Whether the sums agree, in a sentence.</summary>
    public static string Verdict(CaptureAccounts accounts) =>
        accounts.IsBalanced
            ? "Every packet and every byte is accounted for."
            : string.Create(CultureInfo.InvariantCulture, $"THE SUMS DO NOT AGREE: {Sum<PacketFate>(f => accounts[f]):N0} of {accounts.Packets:N0} packets and {Sum<ByteFate>(f => accounts[f]):N0} of {accounts.PayloadBytes:N0} bytes are accounted for.");

    /// <summary>What a packet's fate is called.</summary>
    public static string Name(PacketFate fate) => fate switch
    {
        PacketFate.Used => "brought new bytes",
        PacketFate.Control => "opened, acknowledged, closed",
        PacketFate.KeepAlive => "kept alive, probed a window",
        PacketFate.Retransmitted => "sent again",
        PacketFate.CapturedTwice => "captured twice",
        PacketFate.Fragment => "fragments put together",
        PacketFate.FragmentLost => "fragments without the others",
        PacketFate.NotIp => "not IP",
        PacketFate.NotTcp => "not TCP",
        PacketFate.UnknownLink => "unknown link or tunnel",
        PacketFate.Malformed => "malformed",
        PacketFate.CutInHeaders => "cut within headers",
        PacketFate.NotAsked => "not asked for",
        PacketFate.OutOfPlace => "of no connection, or too late",
        PacketFate.NoMemory => "dropped for memory",
        PacketFate.Shed => "let go to spare the processor",
        _ => Unnamed(fate),
    };

    /// <summary>What a byte's fate is called.</summary>
    public static string Name(ByteFate fate) => fate switch
    {
        ByteFate.Delivered => "handed on",
        ByteFate.Duplicate => "known already",
        ByteFate.Conflicting => "known with another value",
        ByteFate.Held => "held for what is missing",
        ByteFate.OutOfPlace => "of no connection, or too late",
        ByteFate.NoMemory => "dropped for memory",
        ByteFate.NotAsked => "not asked for",
        ByteFate.KeepAlive => "of keep-alives and probes",
        ByteFate.Shed => "let go to spare the processor",
        _ => Unnamed(fate),
    };

    /// <summary>What happened, as it is called.</summary>
    public static string Name(Happening what) => what switch
    {
        Happening.Connection => "connections",
        Happening.ConnectionWithoutSyn => "without their beginning",
        Happening.OneSided => "with one direction only",
        Happening.ConnectionEvicted => "given up for memory",
        Happening.Gap => "gaps",
        Happening.MissingBytes => "bytes missing in gaps",
        Happening.Exchange => "exchanges",
        Happening.IncompleteExchange => "with a part missing",
        Happening.Unanswered => "without a response",
        Happening.ResponseWithoutRequest => "responses without a request",
        Happening.Smuggling => "requests that can be read in two ways",
        Happening.Upgrade => "changed to another protocol",
        Happening.Resynchronised => "passed over to the next message",
        Happening.SkippedBytes => "bytes passed over",
        Happening.TlsWithoutKeys => "TLS without keys",
        Happening.TlsUndecryptable => "TLS that keys did not open",
        Happening.TlsDecrypted => "TLS decrypted",
        Happening.Http2Undecodable => "HTTP/2 that can't be decoded",
        Happening.RawConversation => "kept as raw TCP",
        Happening.UnknownProtocol => "of another protocol, passed over",
        Happening.TimeWentBack => "packets older than the one before",
        Happening.DroppedByCapture => "packets dropped while capturing",
        Happening.PassedOverBytes => "bytes of what was passed over",
        Happening.Rest => "rests of the capturing thread",
        _ => Unnamed(what),
    };

    private static IEnumerable<(string Name, long Count)> Rows(CaptureAccounts accounts)
    {
        yield return ("packets", accounts.Packets);
        foreach (var fate in Enum.GetValues<PacketFate>().Where(f => accounts[f] != 0))
            yield return ("  " + Name(fate), accounts[fate]);
        yield return ("bytes of payload", accounts.PayloadBytes);
        foreach (var fate in Enum.GetValues<ByteFate>().Where(f => accounts[f] != 0))
            yield return ("  " + Name(fate), accounts[fate]);
        foreach (var what in Enum.GetValues<Happening>().Where(h => accounts[h] != 0 || Main.Contains(h)))
            yield return (Main.Contains(what) || what is Happening.Gap ? Name(what) : "  " + Name(what), accounts[what]);
    }

    private static string Number(long count) => count.ToString("N0", CultureInfo.InvariantCulture);

    private static long Sum<T>(Func<T, long> count) where T : struct, Enum => Enum.GetValues<T>().Sum(count);

    // A new one shows up under its own name until it has words; a test asks for them.
    private static string Unnamed<T>(T value) where T : struct, Enum => Enum.GetName(value) ?? "?";
}
