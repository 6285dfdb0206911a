using System.Buffers.Binary;

namespace Pressure.Bench.Traffic;

/// <summary>
/// A capture of any length that lies nowhere: one block of the mix over and over, in which every time round all clients have other addresses and all times go
/// on, so that no two connections are the same.
/// </summary>
internal sealed class HugeCapture : Stream
{
    private const int RecordHeader = 16, Ethernet = 14;
    private const uint Server = 0x0A00_0001;

    private readonly byte[] _block;
    private readonly List<(int Time, int Address, byte Number)> _places = [];
    private readonly long _length;
    private readonly byte[] _header;
    private readonly uint _seconds;
    private long _at;
    private long _round = -1;

    /// <summary>One of at least that many bytes, whole blocks of them.</summary>
    public HugeCapture(long bytes)
    {
        var header = new MemoryStream();
        HttpMix.Begin(header);
        _header = header.ToArray();
        var mix = new HttpMix(seed: 1, connections: 200);
        _block = mix.Block(32 << 20);
        (PacketsEach, RequestsEach, Rounds) = (mix.Packets, mix.Requests, (bytes + _block.Length - 1) / _block.Length);
        _length = _header.Length + (_block.Length * Rounds);
        for (var at = 0; at < _block.Length; at += RecordHeader + BinaryPrimitives.ReadInt32LittleEndian(_block.AsSpan(at + 8)))
        {
            var source = at + RecordHeader + Ethernet + 12;
            var client = BinaryPrimitives.ReadUInt32BigEndian(_block.AsSpan(source)) == Server ? source + 4 : source;
            _places.Add((at, client, _block[client + 3]));
        }
        // Whole seconds later each time round: nothing goes backwards.
        _seconds = (uint)Math.Ceiling((Nanoseconds(_places[^1].Time) - Nanoseconds(0)) / 1e9);
    }

    /// <summary>How often the block comes.</summary>
    public long Rounds { get; }

    /// <summary>Packets of each.</summary>
    public long PacketsEach { get; }

    /// <summary>Requests of each.</summary>
    public long RequestsEach { get; }

    /// <inheritdoc/>
    public override bool CanRead => true;

    /// <inheritdoc/>
    public override bool CanSeek => false;

    /// <inheritdoc/>
    public override bool CanWrite => false;

    /// <inheritdoc/>
    public override long Length => _length;

    /// <inheritdoc/>
    public override long Position
    {
        get => _at;
        set => throw new NotSupportedException();
    }

    /// <inheritdoc/>
    public override int Read(Span<byte> buffer)
    {
        var from = Rest();
        var read = Math.Min(from.Length, buffer.Length);
        from[..read].CopyTo(buffer);
        _at += read;
        return read;
    }

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    /// <inheritdoc/>
    public override void Flush()
    {
    }

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    private ReadOnlySpan<byte> Rest()
    {
        if (_at < _header.Length)
            return _header.AsSpan((int)_at);
        if (_at >= _length)
            return default;
        var (round, place) = Math.DivRem(_at - _header.Length, _block.Length);
        if (round != _round)
            Turn(round);
        return _block.AsSpan((int)place);
    }

    private void Turn(long round)
    {
        foreach (var (time, address, number) in _places)
        {
            if (_round >= 0)
                BinaryPrimitives.WriteUInt32LittleEndian(_block.AsSpan(time), BinaryPrimitives.ReadUInt32LittleEndian(_block.AsSpan(time)) + (uint)(round - _round) * _seconds);
            BinaryPrimitives.WriteUInt32BigEndian(_block.AsSpan(address), 0x1000_0000u + ((uint)round << 8) + number);
        }
        _round = round;
    }

    private long Nanoseconds(int at) => (BinaryPrimitives.ReadUInt32LittleEndian(_block.AsSpan(at)) * 1_000_000_000L) + BinaryPrimitives.ReadUInt32LittleEndian(_block.AsSpan(at + 4));
}
