using System.Net;
using System.Net.Sockets;
using System.Numerics;

namespace Pressure.LoadGen;

/// <summary>
/// Addresses of this machine: one (<c>10.0.0.5</c>), all of a range (<c>10.0.0.5-10.0.0.9</c>), or those of a block that it has
/// (<c>10.0.0.0/24</c>).
/// </summary>
internal static class LocalAddressText
{
    /// <summary>Addresses of one range or block, at the most.</summary>
    public const int Most = 4096;

    private const string Forms = "Write an address (10.0.0.5), a range (10.0.0.5-10.0.0.9) or a block (10.0.0.0/24).";
    private const string Remedy = "Name addresses that 'ip address' lists here, or add it to an interface.";

    public static Complaint? Parse(string text, out IReadOnlyList<IPAddress> value)
    {
        value = [];
        var trimmed = text.Trim();
        return trimmed.Contains('/') ? ParseBlock(trimmed, out value) : ParseRange(trimmed, out value);
    }

    /// <summary>Whether a connection can come from it: it is an interface's, or all of its net is local as with 127.0.0.0/8.</summary>
    public static bool IsLocal(IPAddress address)
    {
        try
        {
            using var probe = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
            probe.Bind(new IPEndPoint(address, 0));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private static Complaint? ParseBlock(string text, out IReadOnlyList<IPAddress> value)
    {
        value = [];
        if (!IPNetwork.TryParse(text, out var block))
            return new($"'{Shown.Of(text)}' is not a block of addresses", Forms);
        var first = NumberOf(block.BaseAddress);
        var size = BigInteger.One << (block.BaseAddress.GetAddressBytes().Length * 8 - block.PrefixLength);
        if (size > Most)
            return new($"'{Shown.Of(text)}' is a block of more than {Most:N0} addresses", "Write a smaller one.");
        value = [.. Addresses(block.BaseAddress.AddressFamily, first, (int)size).Where(IsLocal)];
        return value.Count > 0 ? null : new($"no address of '{Shown.Of(text)}' is one of this machine", Remedy);
    }

    private static Complaint? ParseRange(string text, out IReadOnlyList<IPAddress> value)
    {
        value = [];
        var ends = text.Split('-');
        if (ends.Length > 2 || !TryAddress(ends[0], out var from) || !TryAddress(ends[^1], out var to) || from.AddressFamily != to.AddressFamily)
            return new($"'{Shown.Of(text)}' is not an address, nor a range of them", Forms);
        var size = NumberOf(to) - NumberOf(from) + 1;
        if (size < 1)
            return new($"'{Shown.Of(text)}' ends before it begins", $"Write {to}-{from}.");
        if (size > Most)
            return new($"'{Shown.Of(text)}' is a range of more than {Most:N0} addresses", "Write a smaller one.");
        var all = Addresses(from.AddressFamily, NumberOf(from), (int)size).ToList();
        if (all.Find(a => !IsLocal(a)) is { } foreign)
            return new($"{foreign} is not an address of this machine", Remedy);
        value = all;
        return null;
    }

    // A name, or 127.1, is no address here; nor is "any", which would bind nothing.
    private static bool TryAddress(string text, out IPAddress address) =>
        IPAddress.TryParse(text.Trim(), out address!) && (address.AddressFamily == AddressFamily.InterNetworkV6 || text.Count(c => c == '.') == 3)
        && !address.Equals(IPAddress.Any) && !address.Equals(IPAddress.IPv6Any);

    private static BigInteger NumberOf(IPAddress address) => new(address.GetAddressBytes(), isUnsigned: true, isBigEndian: true);

    private static IEnumerable<IPAddress> Addresses(AddressFamily family, BigInteger first, int count)
    {
        var bytes = new byte[family == AddressFamily.InterNetwork ? 4 : 16];
        for (var i = 0; i < count; i++)
        {
            Array.Clear(bytes);
            var number = (first + i).ToByteArray(isUnsigned: true, isBigEndian: true);
            number.CopyTo(bytes, bytes.Length - number.Length);
            yield return new IPAddress(bytes);
        }
    }
}
