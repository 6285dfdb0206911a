namespace Pressure.TrafficCopy;

/// <summary>
/// An exchange as bytes within a block. Times are counted from the block's base; what is usual takes no room: a response's body of its own length, a
/// place in time that is the request's.
/// </summary>
/// <remarks>
/// The key is what exchanges are sorted by: the time of the request, or, where the connection's exchange before has that time or a later one, one
/// nanosecond after that one's key. So sorting keeps a connection's order, whatever clocks do.
/// </remarks>
internal static class ExchangeEncoding
{
    /// <summary>Bytes besides heads and bodies, at most.</summary>
    public const int Overhead = 192;

    [Flags]
    private enum Shape : byte
    {
        KeyDiffers = 1,
        HasResponse = 2,
        ClientIsIpv6 = 4,
        ServerIsIpv6 = 8,
        FirstOfConnection = 16,
        RequestLengthDiffers = 32,
        ResponseLengthDiffers = 64,
        All = 127,
    }

    /// <summary>Bytes that suffice for an exchange.</summary>
    public static long Bound(CapturedExchange exchange) =>
        (long)Overhead + exchange.Request.Head.Length + exchange.Request.Body.Length + exchange.Response.Head.Length + exchange.Response.Body.Length;

    /// <summary>Writes an exchange and gives its length.</summary>
    public static int Write(CapturedExchange exchange, long timeBase, long key, bool isFirst, Span<byte> to)
    {
        var writer = new EntryWriter(to);
        writer.Byte((byte)ShapeOf(exchange, key, isFirst));
        writer.Signed(exchange.At - timeBase);
        if (key != exchange.At)
            writer.Signed(key - exchange.At);
        writer.Byte((byte)exchange.Protocol);
        writer.Number((uint)exchange.Marks);
        writer.Signed(exchange.Connection);
        writer.Signed(exchange.Order);
        AddressBytes.Write(exchange.Client, ref writer);
        AddressBytes.Write(exchange.Server, ref writer);
        writer.Signed(exchange.RequestEnd - exchange.At);
        if (exchange.HasResponse)
        {
            writer.Signed(exchange.ResponseAt - exchange.At);
            writer.Signed(exchange.ResponseEnd - exchange.ResponseAt);
        }

        Lengths(exchange.Request, ref writer);
        if (exchange.HasResponse)
            Lengths(exchange.Response, ref writer);
        writer.Bytes(exchange.Request.Head.Span);
        writer.Bytes(exchange.Request.Body.Span);
        if (exchange.HasResponse)
        {
            writer.Bytes(exchange.Response.Head.Span);
            writer.Bytes(exchange.Response.Body.Span);
        }

        return writer.Length;
    }

    /// <summary>The key of the exchange that begins at a place.</summary>
    /// <exception cref="InvalidDataException">There is none.</exception>
    public static long KeyAt(ReadOnlySpan<byte> block, int at, long timeBase)
    {
        var reader = new EntryReader(block, at);
        var shape = (Shape)reader.Byte();
        var time = unchecked(timeBase + reader.Signed());
        return Has(shape, Shape.KeyDiffers) ? unchecked(time + reader.Signed()) : time;
    }

    /// <summary>Reads the exchange that begins at a place into an object, whose bytes are the block's then; gives the place of the next one.</summary>
    /// <exception cref="InvalidDataException">There is none.</exception>
    public static int Read(ReadOnlyMemory<byte> block, int at, long timeBase, CapturedExchange into, AddressCache addresses, out bool isFirst)
    {
        var reader = new EntryReader(block.Span, at);
        var shape = (Shape)reader.Byte();
        if ((shape & ~Shape.All) != 0)
            throw new InvalidDataException("it has an unknown shape");
        isFirst = Has(shape, Shape.FirstOfConnection);
        unchecked
        {
            into.At = timeBase + reader.Signed();
            if (Has(shape, Shape.KeyDiffers))
                reader.Signed();
            into.Protocol = (TrafficProtocol)reader.Byte();
            if (into.Protocol > TrafficProtocol.Tcp)
                throw new InvalidDataException("it has an unknown protocol");
            into.Marks = (ExchangeMarks)(uint)reader.Number();
            into.Connection = reader.Signed();
            into.Order = (int)reader.Signed();
            into.Client = addresses.Read(ref reader, Has(shape, Shape.ClientIsIpv6));
            into.Server = addresses.Read(ref reader, Has(shape, Shape.ServerIsIpv6));
            into.RequestEnd = into.At + reader.Signed();
            into.ResponseAt = Has(shape, Shape.HasResponse) ? into.At + reader.Signed() : 0;
            into.ResponseEnd = Has(shape, Shape.HasResponse) ? into.ResponseAt + reader.Signed() : 0;
        }

        var request = MessageLengths.Read(ref reader, Has(shape, Shape.RequestLengthDiffers));
        var response = Has(shape, Shape.HasResponse) ? MessageLengths.Read(ref reader, Has(shape, Shape.ResponseLengthDiffers)) : default;
        into.Request = Message(block, ref reader, request);
        into.Response = Message(block, ref reader, response);
        return reader.At;
    }

    private static Shape ShapeOf(CapturedExchange exchange, long key, bool isFirst) =>
        (key != exchange.At ? Shape.KeyDiffers : 0) |
        (exchange.HasResponse ? Shape.HasResponse : 0) |
        (AddressBytes.IsIpv6(exchange.Client) ? Shape.ClientIsIpv6 : 0) |
        (AddressBytes.IsIpv6(exchange.Server) ? Shape.ServerIsIpv6 : 0) |
        (isFirst ? Shape.FirstOfConnection : 0) |
        (exchange.Request.BodyLength != exchange.Request.Body.Length ? Shape.RequestLengthDiffers : 0) |
        (exchange.Response.BodyLength != exchange.Response.Body.Length ? Shape.ResponseLengthDiffers : 0);

    // HasFlag allocates where code is not optimised.
    private static bool Has(Shape shape, Shape what) => (shape & what) != 0;

    private static void Lengths(in CapturedMessage message, ref EntryWriter writer)
    {
        writer.Number((uint)message.Head.Length);
        writer.Number((uint)message.Body.Length);
        if (message.BodyLength != message.Body.Length)
            writer.Signed(message.BodyLength);
    }

    private static CapturedMessage Message(ReadOnlyMemory<byte> block, ref EntryReader reader, MessageLengths lengths)
    {
        var head = reader.At;
        reader.Bytes(lengths.Head);
        var body = reader.At;
        reader.Bytes(lengths.Body);
        return new(block.Slice(head, lengths.Head), block.Slice(body, lengths.Body), lengths.Whole);
    }

    private readonly record struct MessageLengths(int Head, int Body, long Whole)
    {
        public static MessageLengths Read(ref EntryReader reader, bool differs)
        {
            var (head, body) = (reader.Count(), reader.Count());
            return new(head, body, differs ? reader.Signed() : body);
        }
    }
}
