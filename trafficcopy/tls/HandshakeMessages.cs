namespace Pressure.TrafficCopy;

/// <summary>Takes one side's handshake messages apart, which know nothing of where records end. Only hellos are kept; of the others the kind is told.</summary>
internal sealed class HandshakeMessages(MemoryAllowance memory)
{
    public const int ClientHello = 1;
    public const int ServerHello = 2;
    public const int Finished = 20;
    public const int KeyUpdate = 24;

    private const int HeaderBytes = 4;

    private HeldBytes _held;
    private int _toSkip;
    private int _lastLength;

    /// <summary>Takes the next bytes; false if there is no room for a hello, which nobody sends as long.</summary>
    public bool TryTake(ReadOnlySpan<byte> bytes)
    {
        var skipped = Math.Min(_toSkip, bytes.Length);
        _toSkip -= skipped;
        return bytes.Length == skipped || _held.TryAdd(bytes[skipped..], memory);
    }

    /// <summary>The next message's kind and, of a hello, what it says (until the next call); false when it is not there yet.</summary>
    public bool TryNext(out int kind, out ReadOnlySpan<byte> hello)
    {
        kind = 0;
        hello = default;
        if (_lastLength > 0)
            _held.RemoveFirst(_lastLength);
        _lastLength = 0;
        var held = _held.Span;
        if (held.Length < HeaderBytes)
            return false;
        kind = held[0];
        var length = (held[1] << 16) | (held[2] << 8) | held[3];
        if (kind is ClientHello or ServerHello)
        {
            if (held.Length < HeaderBytes + length)
                return false;
            hello = held.Slice(HeaderBytes, length);
            _lastLength = HeaderBytes + length;
            return true;
        }
        var there = Math.Min(held.Length, HeaderBytes + length);
        _toSkip = HeaderBytes + length - there;
        _lastLength = there;
        return true;
    }

    /// <summary>Forgets what is held.</summary>
    public void Clear() => _held.Clear(memory);
}
