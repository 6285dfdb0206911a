namespace Pressure.TrafficCopy;

/// <summary>
/// Where a connection's exchanges go, whoever reads them: it says whose they are, and counts them. Whatever is inside of a connection (TLS, a tunnel, an
/// upgrade) shares its numbers.
/// </summary>
public sealed class ConnectionOutput
{
    private readonly IExchangeSink _to;
    private readonly Numbers _numbers;

    /// <summary>For a connection.</summary>
    public ConnectionOutput(in ConversationStart start, IExchangeSink to, CaptureAccounts accounts)
        : this(start, start.SawSyn ? ExchangeMarks.None : ExchangeMarks.JoinedLate, to, accounts, new Numbers())
    {
    }

    private ConnectionOutput(in ConversationStart start, ExchangeMarks marks, IExchangeSink to, CaptureAccounts accounts, Numbers numbers) =>
        (Start, Marks, _to, Accounts, _numbers) = (start, marks, to, accounts, numbers);

    /// <summary>The connection.</summary>
    public ConversationStart Start { get; }

    /// <summary>What is to be known about each of its exchanges.</summary>
    public ExchangeMarks Marks { get; }

    /// <summary>What is counted.</summary>
    public CaptureAccounts Accounts { get; }

    /// <summary>Within how many others it is.</summary>
    internal int Depth { get; private init; }

    /// <summary>The next exchange's position within its connection.</summary>
    public int TakeOrder() => _numbers.Next++;

    /// <summary>The same, for what is inside: each exchange has these marks too.</summary>
    public ConnectionOutput Within(ExchangeMarks marks) => new(Start, Marks | marks, _to, Accounts, _numbers) { Depth = Depth + 1 };

    /// <summary>The same, with client and server the other way round.</summary>
    public ConnectionOutput Swapped() => new(Start with { Client = Start.Server, Server = Start.Client }, Marks, _to, Accounts, _numbers) { Depth = Depth };

    /// <summary>
    /// Hands an exchange on: fills in whose it is, adds the connection's marks, and counts it. Its position is its maker's to set (<see cref="TakeOrder"/>).
    /// </summary>
    public void HandOn(CapturedExchange exchange)
    {
        (exchange.Connection, exchange.Client, exchange.Server) = (Start.Id, Start.Client, Start.Server);
        exchange.Marks |= Marks;
        Accounts.Count(Happening.Exchange);
        if ((exchange.Marks & (ExchangeMarks.RequestIncomplete | ExchangeMarks.ResponseIncomplete)) != 0)
            Accounts.Count(Happening.IncompleteExchange);
        if (!exchange.HasResponse)
            Accounts.Count(Happening.Unanswered);
        if ((exchange.Marks & ExchangeMarks.Smuggling) != 0)
            Accounts.Count(Happening.Smuggling);
        _to.Take(exchange);
    }

    private sealed class Numbers
    {
        public int Next { get; set; }
    }
}
