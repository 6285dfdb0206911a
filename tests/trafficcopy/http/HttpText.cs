using System.Net;
using System.Text;

namespace Pressure.TrafficCopy.Tests;

/// <summary>A connection told step by step, each step one nanosecond after the one before, and what was made of it.</summary>
internal sealed class HttpText : IExchangeSink
{
    private readonly ConversationOpener _opener;
    private readonly IConversation _conversation;
    private readonly Dictionary<long, HttpText> _all;
    private long _now = 1_000;

    public HttpText(ConversationOptions? options = null, bool sawSyn = true)
    {
        _all = new() { [7] = this };
        _opener = new ConversationOpener(this, Accounts, options);
        _conversation = _opener.Open(new ConversationStart(7, _now, new IPEndPoint(1, 1111), new IPEndPoint(2, 80), sawSyn));
    }

    /// <summary>Another connection of the same opener.</summary>
    public HttpText(HttpText beside)
    {
        (_all, _opener) = (beside._all, beside._opener);
        var id = 7 + _all.Count;
        _all[id] = this;
        _conversation = _opener.Open(new ConversationStart(id, _now, new IPEndPoint(1, 1111), new IPEndPoint(2, 80), true));
    }

    public CaptureAccounts Accounts { get; } = new();

    public List<CapturedExchange> Exchanges { get; } = [];

    public List<long> Ended { get; } = [];

    public long Held => _opener.HeldBytes;

    public long Now => _now;

    /// <summary>Each exchange in one line: <c>GET /a > 200 body</c>.</summary>
    public string[] Told => [.. Exchanges.Select(Tell)];

    public HttpText Client(string text) => Take(Side.Client, Bytes(text), ++_now);

    public HttpText Server(string text) => Take(Side.Server, Bytes(text), ++_now);

    public HttpText Take(Side from, ReadOnlySpan<byte> bytes, long at)
    {
        _conversation.Take(from, bytes, at);
        return this;
    }

    public HttpText Miss(Side from, long bytes)
    {
        _conversation.Miss(from, bytes, ++_now);
        return this;
    }

    public HttpText Finish(Side from)
    {
        _conversation.Finish(from, ++_now);
        return this;
    }

    public HttpText Pass(long nanoseconds)
    {
        _now += nanoseconds;
        return this;
    }

    public HttpText End(ConversationEnd how = ConversationEnd.Closed)
    {
        _conversation.End(how, ++_now);
        return this;
    }

    public void Take(CapturedExchange exchange) => _all[exchange.Connection].Exchanges.Add(exchange.Keep());

    public void EndConnection(long connection, long at) => _all[connection].Ended.Add(connection);

    public static byte[] Bytes(string text) => Encoding.Latin1.GetBytes(text);

    public static string Text(ReadOnlyMemory<byte> bytes) => Encoding.Latin1.GetString(bytes.Span);

    private static string Tell(CapturedExchange exchange)
    {
        var request = new HttpHead(exchange.Request.Head.Span);
        var response = new HttpHead(exchange.Response.Head.Span);
        var asked = $"{Encoding.Latin1.GetString(request.Method)} {Encoding.Latin1.GetString(request.Target)} {Text(exchange.Request.Body)}".Trim();
        var answered = exchange.HasResponse ? $"{(response.Status == 0 ? "" : response.Status)} {Text(exchange.Response.Body)}".Trim() : "-";
        return exchange.Marks == ExchangeMarks.None ? $"{asked} > {answered}" : $"{asked} > {answered} [{exchange.Marks}]";
    }
}
