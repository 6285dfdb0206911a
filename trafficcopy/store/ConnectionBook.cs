namespace Pressure.TrafficCopy;

/// <summary>The connections that go on while a capture is written.</summary>
internal sealed class ConnectionBook
{
    // Whoever never tells of an end must not fill the memory. The few that go on then count twice.
    private const int Most = 1_000_000;

    private readonly Dictionary<long, StoredConnection> _open = [];

    /// <summary>Connections with at least one exchange.</summary>
    public long Seen { get; private set; }

    /// <summary>Finds an exchange's connection, and puts its key behind that of the exchange before.</summary>
    public StoredConnection Next(CapturedExchange exchange, out bool isFirst)
    {
        isFirst = !_open.TryGetValue(exchange.Connection, out var connection);
        if (connection is not null)
        {
            connection.Key = exchange.At > connection.Key || connection.Key == long.MaxValue ? Math.Max(exchange.At, connection.Key) : connection.Key + 1;
            return connection;
        }

        if (_open.Count == Most)
            _open.Clear();
        Seen++;
        connection = new StoredConnection { Key = exchange.At };
        _open.Add(exchange.Connection, connection);
        return connection;
    }

    /// <summary>An exchange is in the file already.</summary>
    public void Was(long number, bool isFirst, long key, int block, int place)
    {
        if (_open.Count == Most)
            _open.Clear();
        Seen += isFirst ? 1 : 0;
        if (!_open.TryGetValue(number, out var connection))
            _open.Add(number, connection = new StoredConnection { Key = long.MinValue });
        // What began long ago is written in blocks of its own, which may come behind.
        if (key >= connection.Key)
            connection.WasIn(key, block, place);
    }

    /// <summary>Those that may go on.</summary>
    public IReadOnlyCollection<StoredConnection> Open => _open.Values;

    /// <summary>A connection is over; null if it had no exchange.</summary>
    public StoredConnection? End(long connection) => _open.Remove(connection, out var ended) ? ended : null;
}

/// <summary>Tells which exchanges began so long before what is written now that they would stretch a block over many others.</summary>
internal sealed class Stragglers
{
    // So many blocks may overlap without a thought.
    private const int Blocks = 4;

    private readonly Queue<long> _firstKeys = new(Blocks);

    /// <summary>Whether an exchange with this key is one.</summary>
    public bool IsLate(long key) => _firstKeys.Count == Blocks && key < _firstKeys.Peek();

    /// <summary>A block of the others was closed.</summary>
    public void Wrote(long firstKey)
    {
        if (_firstKeys.Count == Blocks)
            _firstKeys.Dequeue();
        _firstKeys.Enqueue(firstKey);
    }
}

/// <summary>Cuts exchanges that are longer than a store takes.</summary>
internal static class Shortening
{
    private const int MaxHead = 1 << 20;
    private const int MaxBody = 16 << 20;

    /// <summary>Makes a short one of a long one: nothing of a head that is too long, as much of a body as goes.</summary>
    public static CapturedExchange Shorten(CapturedExchange exchange, CapturedExchange into)
    {
        into.CopyFrom(exchange);
        (into.Request, var requestMarks) = Shorten(exchange.Request, ExchangeMarks.RequestIncomplete, ExchangeMarks.RequestCut);
        (into.Response, var responseMarks) = Shorten(exchange.Response, ExchangeMarks.ResponseIncomplete, ExchangeMarks.ResponseCut);
        into.Marks |= requestMarks | responseMarks;
        return into;
    }

    private static (CapturedMessage, ExchangeMarks) Shorten(CapturedMessage message, ExchangeMarks headMark, ExchangeMarks bodyMark)
    {
        var (head, body) = (message.Head.Length > MaxHead ? default : message.Head, message.Body.Length > MaxBody ? message.Body[..MaxBody] : message.Body);
        var marks = (head.Length < message.Head.Length ? headMark : 0) | (body.Length < message.Body.Length ? bodyMark : 0);
        return (new(head, body, message.BodyLength), marks);
    }
}
