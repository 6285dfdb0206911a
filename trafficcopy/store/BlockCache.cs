using System.Buffers;
using Microsoft.Win32.SafeHandles;

namespace Pressure.TrafficCopy;

/// <summary>The blocks being read, unpacked, at most so many bytes of them: beyond, those used least recently go and are read again when needed.</summary>
/// <param name="file">The file.</param>
/// <param name="index">Its blocks.</param>
/// <param name="read">Is told of bytes that were read.</param>
/// <param name="most">Bytes kept.</param>
internal sealed class BlockCache(SafeFileHandle file, IReadOnlyList<IndexEntry> index, Action<long> read, long most = BlockCache.Most) : IDisposable
{
    /// <summary>Bytes kept.</summary>
    public const long Most = 128 << 20;

    private readonly Dictionary<int, LinkedListNode<LoadedBlock>> _blocks = [];
    private readonly LinkedList<LoadedBlock> _recent = new();
    private long _bytes;

    /// <summary>A block; it stays valid until another one is asked for.</summary>
    /// <exception cref="InvalidDataException">It is damaged, or not what the index says.</exception>
    public LoadedBlock Get(int number)
    {
        if (_recent.First is { } first && first.Value.Number == number)
            return first.Value;
        if (_blocks.TryGetValue(number, out var node))
        {
            _recent.Remove(node);
            _recent.AddFirst(node);
            return node.Value;
        }

        var block = Load(number);
        while (_bytes + block.Buffer.Length > most && _recent.Last is { } oldest)
            Drop(oldest.Value.Number);
        _bytes += block.Buffer.Length;
        _blocks.Add(number, _recent.AddFirst(block));
        return block;
    }

    /// <summary>A block is not needed any more.</summary>
    public void Drop(int number)
    {
        if (!_blocks.Remove(number, out var node))
            return;
        _recent.Remove(node);
        _bytes -= node.Value.Buffer.Length;
        ArrayPool<byte>.Shared.Return(node.Value.Buffer);
    }

    public void Dispose()
    {
        foreach (var block in _recent)
            ArrayPool<byte>.Shared.Return(block.Buffer);
        _recent.Clear();
        _blocks.Clear();
    }

    private LoadedBlock Load(int number)
    {
        var entry = index[number];
        read(StoreFormat.RecordLength(entry.Payload));
        var payload = StoreRecords.Rent(file, entry.At, entry.Payload);
        try
        {
            var header = BlockRecord.ReadHeader(payload.AsSpan(0, entry.Payload));
            if (header.Exchanges != entry.Exchanges)
                throw new InvalidDataException("it is not what the index says");
            if (header.Packing == BlockPacking.None && header.Length == entry.Payload - BlockRecord.HeaderLength)
                return new(number, Interlocked.Exchange(ref payload, null!), BlockRecord.HeaderLength, header.Length, header.Base);
            var unpacked = ArrayPool<byte>.Shared.Rent(header.Length);
            try
            {
                header.Unpack(payload.AsSpan(0, entry.Payload), unpacked);
            }
            catch
            {
                ArrayPool<byte>.Shared.Return(unpacked);
                throw;
            }

            return new(number, unpacked, 0, header.Length, header.Base);
        }
        finally
        {
            if (payload is not null)
                ArrayPool<byte>.Shared.Return(payload);
        }
    }
}

/// <summary>A block that was read.</summary>
/// <param name="Number">Its number.</param>
/// <param name="Buffer">Rented bytes.</param>
/// <param name="At">Where in them its exchanges begin.</param>
/// <param name="Length">How many bytes these are.</param>
/// <param name="Base">What its times count from.</param>
internal sealed record LoadedBlock(int Number, byte[] Buffer, int At, int Length, long Base)
{
    public ReadOnlyMemory<byte> Exchanges { get; } = Buffer.AsMemory(At, Length);
}
