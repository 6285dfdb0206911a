using System.Buffers;

namespace Pressure.TrafficCopy;

/// <summary>Takes a connection's bytes apart into HTTP/2 exchanges, each handed on when both directions of its stream are over.</summary>
/// <remarks>
/// <code>
/// bytes -> Http2Frames -+- HEADERS, CONTINUATION -> HpackDecoder -> head -+
///                       +- DATA ------------------------------------ body +-> Http2Stream -> ConnectionOutput
///                       +- RST_STREAM ------------------------------------+
/// </code>
/// Fields build on those before them: a direction that lost some can't be decoded from there on. Missing bytes of a body only make that body incomplete.
/// Requests that a server pushes are decoded, for the sake of those after them, and not told of.
/// </remarks>
internal sealed class Http2Conversation : IConversation
{
    private const int PrefaceBytes = 24;

    /// <summary>Streams under way at once; of more, the oldest is handed on as it is.</summary>
    private const int MostStreams = 1_000;

    private readonly ConnectionOutput _output;
    private readonly ConversationOptions _options;
    private readonly MemoryAllowance _memory;
    private readonly Http2Side _client;
    private readonly Http2Side _server;
    private readonly Dictionary<int, Http2Stream> _streams = [];
    private readonly ArrayBufferWriter<byte> _head = new();
    private readonly CapturedExchange _handed = new();
    private long _now;
    private int _lastDone;
    private bool _isLossCounted;

    public Http2Conversation(ConnectionOutput output, ConversationOptions options, MemoryAllowance whole)
    {
        (_output, _options, _memory) = (output, options, new MemoryAllowance(options.HeldPerConnection, whole));
        _client = new Http2Side(this, Side.Client, _memory, PrefaceBytes);
        _server = new Http2Side(this, Side.Server, _memory, toSkip: 0);
    }

    /// <summary>After an upgrade the request is known, and is stream 1's.</summary>
    public Http2Conversation(ConnectionOutput output, ConversationOptions options, MemoryAllowance whole, CapturedExchange upgraded)
        : this(output, options, whole)
    {
        var stream = new Http2Stream(_memory, options, upgraded.Order);
        stream.Request.Begin(upgraded.Request, upgraded.At, upgraded.RequestEnd);
        stream.Request.Finish();
        _streams.Add(1, stream);
    }

    /// <inheritdoc/>
    public void Take(Side from, ReadOnlySpan<byte> bytes, long at)
    {
        _now = at;
        var side = SideOf(from);
        if (side.IsLost)
            _output.Accounts.Count(Happening.PassedOverBytes, bytes.Length);
        else if (!side.TryTake(bytes))
            CountLoss();
    }

    /// <inheritdoc/>
    public void Miss(Side from, long bytes, long at)
    {
        _now = at;
        var side = SideOf(from);
        if (!side.IsLost && !side.TryMiss(bytes))
            CountLoss();
    }

    /// <inheritdoc/>
    public void Finish(Side from, long at)
    {
    }

    /// <inheritdoc/>
    public void End(ConversationEnd how, long at)
    {
        foreach (var stream in _streams.Values.OrderBy(s => s.Order))
            HandOn(stream);
        _streams.Clear();
        _client.Close();
        _server.Close();
    }

    /// <summary>A message's head, or its trailers.</summary>
    public void TakeFields(Side from, int number, List<HpackField> fields, bool isLast)
    {
        if (Find(from, number, mayBegin: true) is not { } stream)
            return;
        var message = stream[from];
        message.Touch(_now);
        if (!message.HasHead && !IsInterim(from, fields))
        {
            _head.ResetWrittenCount();
            if (from == Side.Client)
                HeadOfFields.WriteRequest(fields, new HttpHeadWriter(_head));
            else
                HeadOfFields.WriteResponse(HeadOfFields.StatusOf(fields), fields, new HttpHeadWriter(_head));
            message.IsIncomplete |= !message.TrySetHead(_head);
        }
        if (isLast)
            Finish(number, stream, message);
    }

    /// <summary>Part of a body.</summary>
    public void TakeData(Side from, int number, ReadOnlySpan<byte> bytes, bool isLast)
    {
        if (Find(from, number, mayBegin: false) is not { } stream)
            return;
        var message = stream[from];
        message.Touch(_now);
        message.AddBody(bytes);
        if (isLast)
            Finish(number, stream, message);
    }

    /// <summary>Part of a body is missing.</summary>
    public void MissData(Side from, int number, long count, bool isLast)
    {
        if (Find(from, number, mayBegin: false) is not { } stream)
            return;
        var message = stream[from];
        message.MissBody(count);
        if (isLast)
            Finish(number, stream, message);
    }

    /// <summary>A stream was broken off: it stays as incomplete as it is, but for a request whose whole answer came before it was all sent.</summary>
    public void Reset(int number)
    {
        if (_streams.Remove(number, out var stream))
            HandOn(stream);
        _lastDone = Math.Max(_lastDone, number);
    }

    private Http2Side SideOf(Side from) => from == Side.Client ? _client : _server;

    private static bool IsInterim(Side from, List<HpackField> fields) => from == Side.Server && HeadOfFields.StatusOf(fields) is >= 100 and < 200;

    /// <summary>The stream of a number. Clients' have odd ones; what is over does not begin again; a response may come before its request is known.</summary>
    private Http2Stream? Find(Side from, int number, bool mayBegin)
    {
        if (number % 2 == 0)
            return null;
        if (_streams.TryGetValue(number, out var stream) || !mayBegin || (from == Side.Server && number <= _lastDone))
            return stream;
        if (_streams.Count >= MostStreams)
            Reset(_streams.Keys.Min());
        stream = new Http2Stream(_memory, _options, _output.TakeOrder());
        _streams.Add(number, stream);
        return stream;
    }

    private void Finish(int number, Http2Stream stream, Http2Message message)
    {
        message.Finish();
        if (!stream.IsOver)
            return;
        _streams.Remove(number);
        _lastDone = Math.Max(_lastDone, number);
        HandOn(stream);
    }

    private void HandOn(Http2Stream stream)
    {
        if (stream.Request.HasHead)
        {
            stream.Fill(_handed);
            _output.HandOn(_handed);
        }
        else
        {
            _output.Accounts.Count(Happening.ResponseWithoutRequest);
        }
        stream.Close();
    }

    private void CountLoss()
    {
        if (!_isLossCounted)
            _output.Accounts.Count(Happening.Http2Undecodable);
        _isLossCounted = true;
    }
}
