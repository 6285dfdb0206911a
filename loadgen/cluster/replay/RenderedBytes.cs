using System.Buffers;

namespace Pressure.Cluster;

/// <summary>Bytes on their way into a writer. Counts them, and can do so without writing any.</summary>
internal ref struct RenderedBytes(IBufferWriter<byte>? to)
{
    private readonly IBufferWriter<byte>? _to = to;

    /// <summary>How many there were.</summary>
    public int Length { get; private set; }

    /// <summary>Adds bytes.</summary>
    public void Append(scoped ReadOnlySpan<byte> bytes)
    {
        Length += bytes.Length;
        _to?.Write(bytes);
    }
}
