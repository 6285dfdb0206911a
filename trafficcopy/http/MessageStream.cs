namespace Pressure.TrafficCopy;

/// <summary>What reading one direction came upon.</summary>
internal enum StreamEvent
{
    /// <summary>All was read; nothing is over.</summary>
    None,

    /// <summary>The head is whole: whoever asks says how the body is framed (<see cref="MessageStream.BeginBody"/>).</summary>
    Head,

    /// <summary>The message is over.</summary>
    End,

    /// <summary>Nobody knows any more where a message begins or ends; the one that was under way, if any, ends here.</summary>
    Lost,
}

/// <summary>How a body ends.</summary>
internal enum BodyEnd
{
    /// <summary>There is none.</summary>
    None,

    /// <summary>After so many bytes.</summary>
    Length,

    /// <summary>After the last chunk.</summary>
    Chunked,

    /// <summary>With the connection.</summary>
    Connection,

    /// <summary>Nobody knows.</summary>
    Unknown,
}

/// <summary>Takes one direction's bytes apart into messages. It knows nothing of the other direction.</summary>
/// <remarks>
/// <code>
///   Lost --found--> Between --Begin--> Head --BeginBody--> Length | Chunk* | UntilEnd --> Between
///    ^______________________gap, nonsense______________________________|
/// </code>
/// </remarks>
internal sealed partial class MessageStream(Side side, HttpShared shared, MemoryAllowance memory, CaptureAccounts accounts)
{
    private readonly bool _keepsBodies = shared.Options.Bodies == KeptBodies.All || side == Side.Client && shared.Options.Bodies == KeptBodies.Requests;

    private Place _place;
    private ChunkReader _chunks;
    private TimedBytes _tail;
    private long _remaining;
    private int _searched;
    private bool _mayBeNone;
    private long _skipped;

    private enum Place
    {
        Between,
        Head,
        Framing,
        Length,
        ChunkLine,
        ChunkData,
        UntilEnd,
        Lost,
    }

    /// <summary>The message that is under way.</summary>
    public HttpMessage? Message { get; private set; }

    /// <summary>Whether the next byte begins a message.</summary>
    public bool IsBetween => _place == Place.Between;

    /// <summary>Whether the next message's beginning came already.</summary>
    public bool HasBeginning => _place == Place.Between && _tail.Length > 0;

    /// <summary>When the next message's first byte came, where it came already.</summary>
    public long BeginsAt(long at) => _tail.Length > 0 ? _tail.At : at;

    /// <summary>Between messages: passes over empty lines. False where what follows can't be a message.</summary>
    public bool TryPassEmptyLines(ref ReadOnlySpan<byte> bytes)
    {
        if (_tail.Length > 0)
            return true;
        bytes = bytes.TrimStart("\r\n"u8);
        return bytes.IsEmpty || StartLine.MayBegin(bytes, side);
    }

    /// <summary>A message begins, and goes there.</summary>
    public void Begin(HttpMessage message, long at)
    {
        (Message, _place, _searched) = (message, Place.Head, 0);
        message.At = BeginsAt(at);
        message.LastAt = message.At;
        if (_skipped > 0)
            accounts.Count(Happening.Resynchronised);
        _skipped = 0;
        message.AdoptHead(_tail.Give());
    }

    /// <summary>Reads on. With <see cref="StreamEvent.None"/> all was read, or a message may begin (<see cref="IsBetween"/>).</summary>
    public StreamEvent Read(ref ReadOnlySpan<byte> bytes, long at)
    {
        if (_mayBeNone && BeginsAnother(bytes))
            return EndMessage();
        if (Message is { } message && !bytes.IsEmpty)
            message.LastAt = at;
        return _place switch
        {
            Place.Head => ReadHead(ref bytes),
            Place.Length => ReadLength(ref bytes),
            Place.ChunkLine => ReadChunkLine(ref bytes),
            Place.ChunkData => ReadChunkData(ref bytes),
            Place.UntilEnd => ReadUntilEnd(ref bytes),
            Place.Lost => Search(ref bytes, at),
            _ => StreamEvent.None,
        };
    }

    /// <summary>How the body of the message whose head is whole ends; whether it may have none all the same (the response to an unknown request).</summary>
    public StreamEvent BeginBody(BodyEnd end, bool mayBeNone = false)
    {
        (_remaining, _mayBeNone) = (Message!.Head.Length, mayBeNone);
        switch (end)
        {
            case BodyEnd.Length when _remaining > 0:
                _place = Place.Length;
                return StreamEvent.None;
            case BodyEnd.Chunked:
                (_place, _chunks) = (Place.ChunkLine, default);
                return StreamEvent.None;
            case BodyEnd.Connection:
                _place = Place.UntilEnd;
                return StreamEvent.None;
            case BodyEnd.Unknown:
                return Lose();
            default:
                return EndMessage();
        }
    }

    /// <summary>Bytes are missing here.</summary>
    public StreamEvent Miss(long bytes)
    {
        if (_place == Place.UntilEnd && !_mayBeNone)
        {
            Message!.MissBody(Math.Max(0, bytes));
            return StreamEvent.None;
        }
        // What may have no body may have ended before the gap, and others with it.
        if (_place is not (Place.Length or Place.ChunkData) || bytes > _remaining || bytes <= 0 || _mayBeNone)
            return Lose();
        Message!.MissBody(bytes);
        _remaining -= bytes;
        return _remaining > 0 ? StreamEvent.None : _place == Place.Length ? EndMessage() : EndChunk();
    }

    /// <summary>Nothing more comes: the message that is under way is over, whole only where the connection's end was to end it.</summary>
    public StreamEvent Finish(bool isWhole)
    {
        if (_place == Place.UntilEnd && isWhole)
            return EndMessage();
        return Message is null ? StreamEvent.None : Lose();
    }

    /// <summary>Gives up knowing where messages begin and end, until the next one that can be told.</summary>
    public StreamEvent Lose()
    {
        if (Message is { } message)
            Break(message);
        (_place, _mayBeNone) = (Place.Lost, false);
        Skip(_tail.Length);
        _tail.Clear(memory);
        return StreamEvent.Lost;
    }

    /// <summary>The owner has done with the message.</summary>
    public void Leave() => Message = null;

    /// <summary>Gives back what it holds.</summary>
    public void Close()
    {
        Skip(_tail.Length);
        _tail.Clear(memory);
        Message = null;
    }

    private StreamEvent ReadLength(ref ReadOnlySpan<byte> bytes)
    {
        TakeBody(ref bytes);
        return _remaining == 0 ? EndMessage() : StreamEvent.None;
    }

    private StreamEvent ReadChunkLine(ref ReadOnlySpan<byte> bytes)
    {
        var found = _chunks.Read(ref bytes);
        Message!.Head.IsAmbiguous |= _chunks.IsAmbiguous;
        switch (found)
        {
            case ChunkReader.Found.Data:
                (_place, _remaining) = (Place.ChunkData, _chunks.Size);
                return StreamEvent.None;
            case ChunkReader.Found.End:
                return EndMessage();
            case ChunkReader.Found.Bad:
                return Lose();
            default:
                return StreamEvent.None;
        }
    }

    private StreamEvent ReadChunkData(ref ReadOnlySpan<byte> bytes)
    {
        TakeBody(ref bytes);
        return _remaining == 0 ? EndChunk() : StreamEvent.None;
    }

    private StreamEvent ReadUntilEnd(ref ReadOnlySpan<byte> bytes)
    {
        _remaining = long.MaxValue;
        TakeBody(ref bytes);
        return StreamEvent.None;
    }

    private void TakeBody(ref ReadOnlySpan<byte> bytes)
    {
        var part = bytes[..(int)Math.Min(bytes.Length, _remaining)];
        Message!.AddBody(part, _keepsBodies ? shared.Options.BodyLimit : 0, memory);
        _remaining -= part.Length;
        bytes = bytes[part.Length..];
    }

    private bool BeginsAnother(ReadOnlySpan<byte> bytes)
    {
        _mayBeNone = false;
        return _place is Place.Length or Place.ChunkLine or Place.UntilEnd && bytes.StartsWith("HTTP/1."u8);
    }

    private StreamEvent EndChunk()
    {
        _place = Place.ChunkLine;
        _chunks.EndData();
        return StreamEvent.None;
    }

    private StreamEvent EndMessage()
    {
        (_place, _mayBeNone) = (Place.Between, false);
        return StreamEvent.End;
    }

    private void Skip(int bytes)
    {
        _skipped += bytes;
        accounts.Count(Happening.SkippedBytes, bytes);
    }
}
