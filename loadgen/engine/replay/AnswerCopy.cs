namespace Pressure.LoadGen.Engine;

/// <summary>Keeps what somebody wants of one answer, as it passes by.</summary>
internal sealed class AnswerCopy(AnswerCopies lane)
{
    /// <summary>How much of a body is kept.</summary>
    public const int MostBody = 256 * 1024;

    // A buffer that one large answer has grown is not kept for all the small ones.
    private const int UsualSize = 64 * 1024;

    private ByteBuffer _head = new();
    private ByteBuffer _body = new();
    private bool _whole;

    /// <summary>Start line and fields.</summary>
    public ReadOnlySpan<byte> Head => _head.Written;

    /// <summary>The start of the body.</summary>
    public ReadOnlySpan<byte> Body => _body.Written;

    /// <summary>How long the body is so far, kept or not.</summary>
    public long BodyLength { get; private set; }

    /// <summary>Makes ready for an answer.</summary>
    public void Begin(AnswerParts wanted) => _whole = wanted == AnswerParts.Whole;

    /// <summary>Keeps the start line; what came before it was an interim answer.</summary>
    public void TakeStart(ReadOnlySpan<byte> line)
    {
        _head.Truncate(0);
        _head.Write(line);
        _head.Write("\r\n"u8);
    }

    /// <summary>Keeps a field.</summary>
    public void TakeField(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        _head.Write(name);
        _head.Write(": "u8);
        _head.Write(value);
        _head.Write("\r\n"u8);
    }

    /// <summary>Keeps a piece of the body.</summary>
    public void TakeBody(ReadOnlySpan<byte> piece)
    {
        BodyLength += piece.Length;
        if (!_whole || piece.Length == 0)
            return;
        var kept = lane.Grant(Math.Min(piece.Length, MostBody - _body.Length));
        // With a hole in it, it would be another body.
        _whole = kept == piece.Length;
        _body.Write(piece[..kept]);
    }

    /// <summary>Forgets what was kept.</summary>
    public void Clear()
    {
        lane.TakeBack(_body.Length);
        BodyLength = 0;
        _head = Emptied(_head);
        _body = Emptied(_body);
    }

    private static ByteBuffer Emptied(ByteBuffer buffer)
    {
        if (buffer.Capacity > UsualSize)
            return new();
        buffer.Truncate(0);
        return buffer;
    }
}

/// <summary>A lane's copies of answers, used over and over, and how much they hold together.</summary>
internal sealed class AnswerCopies
{
    // Thousands of large answers at once must not fill the memory.
    private const int MostHeld = 64 * 1024 * 1024;
    private const int MostSpare = 1024;

    private readonly Stack<AnswerCopy> _spare = [];
    private int _held;

    /// <summary>An empty one.</summary>
    public AnswerCopy Rent() => _spare.TryPop(out var copy) ? copy : new AnswerCopy(this);

    /// <summary>Takes one back.</summary>
    public void Return(AnswerCopy copy)
    {
        copy.Clear();
        if (_spare.Count < MostSpare)
            _spare.Push(copy);
    }

    /// <summary>How many of so many bytes may be held.</summary>
    public int Grant(int bytes)
    {
        var granted = Math.Min(bytes, MostHeld - _held);
        _held += granted;
        return granted;
    }

    /// <summary>So many bytes are held no more.</summary>
    public void TakeBack(int bytes) => _held -= bytes;
}
