using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace Pressure.TrafficCopy;

/// <summary>Endpoints as the bytes <c>METHOD PATTERN</c>, to be looked up without making strings.</summary>
internal static class EndpointKey
{
    private const int LongestMethod = 16;

    /// <summary>Bytes of the longest key.</summary>
    public const int Longest = LongestMethod + 1 + EndpointPattern.Longest;

    /// <summary>A table from keys to values.</summary>
    public static Dictionary<byte[], T> Table<T>() => new(BytesComparer.Instance);

    /// <summary>Writes the key of an exchange and gives its length.</summary>
    public static int Write(CapturedExchange exchange, Span<byte> key)
    {
        if (exchange.Protocol == TrafficProtocol.Tcp)
        {
            "TCP :"u8.CopyTo(key);
            exchange.Server.Port.TryFormat(key[5..], out var digits);
            return 5 + digits;
        }

        var head = new HttpHead(exchange.Request.Head.Span);
        return Write(head.Method, head.Target, key);
    }

    /// <summary>Writes the key of a request and gives its length.</summary>
    public static int Write(ReadOnlySpan<byte> method, ReadOnlySpan<byte> target, Span<byte> key)
    {
        var length = Math.Min(method.Length, LongestMethod);
        for (var i = 0; i < length; i++)
        {
            key[i] = method[i] switch
            {
                >= (byte)'a' and <= (byte)'z' and var lower => (byte)(lower - 32),
                > 0x20 and < 0x7F and var plain => plain,
                _ => (byte)'?',
            };
        }

        key[length++] = (byte)' ';
        return length + EndpointPattern.Write(target, key[length..]);
    }

    /// <summary>The key of an endpoint that is known by its words.</summary>
    public static byte[] Of(string method, string path) => Encoding.ASCII.GetBytes($"{method} {path}");

    /// <summary>Its words.</summary>
    public static (string Method, string Path) Words(ReadOnlySpan<byte> key)
    {
        var space = key.IndexOf((byte)' ');
        return (Encoding.ASCII.GetString(key[..space]), Encoding.ASCII.GetString(key[(space + 1)..]));
    }

    private sealed class BytesComparer : IEqualityComparer<byte[]>, IAlternateEqualityComparer<ReadOnlySpan<byte>, byte[]>
    {
        public static readonly BytesComparer Instance = new();

        public bool Equals(byte[]? x, byte[]? y) => x.AsSpan().SequenceEqual(y);

        public bool Equals(ReadOnlySpan<byte> alternate, byte[] other) => alternate.SequenceEqual(other);

        public int GetHashCode([DisallowNull] byte[] obj) => GetHashCode(obj.AsSpan());

        // Seeded by the runtime: paths come from strangers, who must not be able to choose ones that collide.
        public int GetHashCode(ReadOnlySpan<byte> alternate)
        {
            var hash = default(HashCode);
            hash.AddBytes(alternate);
            return hash.ToHashCode();
        }

        public byte[] Create(ReadOnlySpan<byte> alternate) => alternate.ToArray();
    }
}
