using System.Buffers.Binary;

namespace Pressure.LoadGen.Engine;

/// <summary>The ids of one request in W3C traceparent: 16 bytes for the trace, 8 for the span, none of them all zero.</summary>
internal readonly record struct TraceId(ulong High, ulong Low, ulong Span)
{
    /// <summary>Writes them over the zeros of a traceparent, from the trace's first digit to the span's last: 49 bytes.</summary>
    public void WriteTo(Span<byte> ids)
    {
        Span<byte> bytes = stackalloc byte[24];
        BinaryPrimitives.WriteUInt64BigEndian(bytes, High);
        BinaryPrimitives.WriteUInt64BigEndian(bytes[8..], Low);
        BinaryPrimitives.WriteUInt64BigEndian(bytes[16..], Span);
        _ = Convert.TryToHexStringLower(bytes[..16], ids, out _);
        _ = Convert.TryToHexStringLower(bytes[16..], ids[33..], out _);
    }
}

/// <summary>A fast stream of random numbers (xorshift64*) from a seed; owned by one thread.</summary>
internal sealed class RandomStream
{
    private ulong _state;

    /// <summary>Starts the stream.</summary>
    public RandomStream(string text, int stream)
    {
        // FNV-1a, which is stable over processes, so that a run can be repeated; the state must not be zero.
        var hash = 14695981039346656037UL;
        foreach (var c in text)
            hash = (hash ^ c) * 1099511628211UL;
        _state = ((hash ^ (uint)stream) * 0x9E3779B97F4A7C15UL) | 1;
    }

    /// <summary>Never zero.</summary>
    public ulong Next()
    {
        _state ^= _state >> 12;
        _state ^= _state << 25;
        _state ^= _state >> 27;
        return _state * 0x2545F4914F6CDD1DUL;
    }

    /// <summary>Uniform in [0, 1).</summary>
    public double NextShare() => (Next() >> 11) * (1.0 / (1UL << 53));

    /// <summary>Ids for a request.</summary>
    public TraceId NextTrace() => new(Next(), Next(), Next());
}
