namespace Pressure.TrafficCopy;

/// <summary>One side of an exchange while it comes in.</summary>
internal sealed class HttpMessage
{
    private HeldBytes _bytes;
    private int _headLength;

    /// <summary>What its head says.</summary>
    public HeadFraming Head;

    /// <summary>Its first byte.</summary>
    public long At { get; set; }

    /// <summary>Its last byte so far.</summary>
    public long LastAt { get; set; }

    /// <summary>How long its body is so far.</summary>
    public long BodyLength { get; private set; }

    /// <summary>Whether a part is missing.</summary>
    public bool IsIncomplete { get; private set; }

    /// <summary>Whether not all of the body was kept.</summary>
    public bool IsCut { get; private set; }

    /// <summary>What came of the head so far, or all of it.</summary>
    public ReadOnlySpan<byte> HeadBytes => _bytes.Span;

    /// <summary>Whether there is a head.</summary>
    public bool HasHead => _headLength > 0;

    /// <summary>It, until the next change.</summary>
    public CapturedMessage View => new(_bytes.Part(0, _headLength), _bytes.Part(_headLength, _bytes.Length - _headLength), BodyLength);

    /// <summary>Adds to the head; false where there is no room.</summary>
    public bool TryAddHead(ReadOnlySpan<byte> bytes, MemoryAllowance memory) => _bytes.TryAdd(bytes, memory);

    /// <summary>The head's first bytes came already.</summary>
    public void AdoptHead(HeldBytes bytes) => _bytes = bytes;

    /// <summary>Forgets what came of the head behind here.</summary>
    public void CutHead(int length) => _bytes.CutTo(length);

    /// <summary>What is there is the head, up to here.</summary>
    public void EndHead(int length)
    {
        _bytes.CutTo(length);
        _headLength = length;
    }

    /// <summary>Bytes of the body; of a body with a hole, what comes after it is only counted.</summary>
    public void AddBody(ReadOnlySpan<byte> bytes, int limit, MemoryAllowance memory)
    {
        BodyLength += bytes.Length;
        if (IsIncomplete || IsCut || bytes.IsEmpty)
            return;
        var room = limit - (_bytes.Length - _headLength);
        IsCut = bytes.Length > room || !_bytes.TryAdd(bytes, memory);
        if (IsCut && room > 0)
            _bytes.TryAdd(bytes[..Math.Min(room, bytes.Length)], memory);
    }

    /// <summary>Bytes of the body are missing.</summary>
    public void MissBody(long bytes)
    {
        BodyLength += bytes;
        IsIncomplete = true;
    }

    /// <summary>A part of it is missing.</summary>
    public void Break() => IsIncomplete = true;

    /// <summary>Forgets what came: ready for the next one.</summary>
    public void Clear(MemoryAllowance memory)
    {
        _bytes.Clear(memory);
        (_headLength, Head, At, LastAt, BodyLength, IsIncomplete, IsCut) = (0, default, 0, 0, 0, false, false);
    }
}

/// <summary>A request and its response while they come in.</summary>
internal sealed class HttpExchange
{
    /// <summary>The request.</summary>
    public HttpMessage Request { get; } = new();

    /// <summary>The response.</summary>
    public HttpMessage Response { get; } = new();

    /// <summary>Whether there is a request.</summary>
    public bool HasRequest { get; set; }

    /// <summary>Whether the request is over.</summary>
    public bool IsAsked { get; set; }

    /// <summary>Whether the response is under way.</summary>
    public bool IsAnswering { get; set; }

    /// <summary>Whether the response is over.</summary>
    public bool IsAnswered { get; set; }

    /// <summary>Whether requests before it may be missing.</summary>
    public bool FollowsGap { get; set; }

    /// <summary>Whether its response, or a part of it, is known to be missing.</summary>
    public bool LostResponse { get; set; }

    /// <summary>What else is to be known about it.</summary>
    public ExchangeMarks Marks { get; set; }

    /// <summary>The next one of its connection.</summary>
    public HttpExchange? Next { get; set; }

    /// <summary>Forgets what came.</summary>
    public void Clear(MemoryAllowance memory)
    {
        Request.Clear(memory);
        Response.Clear(memory);
        (HasRequest, IsAsked, IsAnswering, IsAnswered, FollowsGap, LostResponse, Marks, Next) = (false, false, false, false, false, false, ExchangeMarks.None, null);
    }
}

/// <summary>What all conversations of an opener share.</summary>
internal sealed class HttpShared(ConversationOptions options)
{
    private const int MostSpare = 256;
    private readonly Stack<HttpExchange> _spare = new();

    /// <summary>What is kept.</summary>
    public ConversationOptions Options { get; } = options;

    /// <summary>What all hold.</summary>
    public MemoryAllowance Memory { get; } = new(options.HeldInAll);

    /// <summary>What is handed on, used again and again.</summary>
    public CapturedExchange Handed { get; } = new();

    /// <summary>Room for a head that is written anew.</summary>
    public byte[] Scratch { get; } = new byte[HeadRewriting.MostOf(options.HeadLimit)];

    /// <summary>An empty exchange.</summary>
    public HttpExchange Take() => _spare.TryPop(out var exchange) ? exchange : new HttpExchange();

    /// <summary>It is not needed any more.</summary>
    public void Give(HttpExchange exchange, MemoryAllowance memory)
    {
        exchange.Clear(memory);
        if (_spare.Count < MostSpare)
            _spare.Push(exchange);
    }
}
