using System.Net;
using System.Text;
using Pressure.TrafficCopy;

namespace Pressure.Cluster.Tests;

/// <summary>A capture made of words.</summary>
internal sealed class FakeCapture(string name = "fake.capture") : ICaptureReader
{
    private const long Begin = 1_700_000_000_000_000_000;

    private readonly List<CapturedExchange> _exchanges = [];

    /// <summary>How often it was gone through.</summary>
    public int Readings { get; private set; }

    public IReadOnlyList<CapturedExchange> Exchanges => _exchanges;

    public CaptureInfo Info
    {
        get
        {
            var tally = new EndpointTally();
            foreach (var exchange in _exchanges)
                tally.Add(exchange);
            return new()
            {
                Name = name,
                Exchanges = _exchanges.Count,
                Connections = _exchanges.Select(e => e.Connection).Distinct().Count(),
                FirstAt = _exchanges.Count == 0 ? 0 : _exchanges.Min(e => e.At),
                LastAt = _exchanges.Count == 0 ? 0 : _exchanges.Max(e => e.At),
                Endpoints = tally.Top,
            };
        }
    }

    public IEnumerable<CapturedExchange> ByTime()
    {
        Readings++;
        // The same object for all, as real readers do it.
        var one = new CapturedExchange();
        foreach (var exchange in _exchanges.OrderBy(e => e.At))
        {
            (one.Connection, one.Order, one.Protocol, one.Marks) = (exchange.Connection, exchange.Order, exchange.Protocol, exchange.Marks);
            (one.At, one.RequestEnd, one.ResponseAt, one.ResponseEnd) = (exchange.At, exchange.RequestEnd, exchange.ResponseAt, exchange.ResponseEnd);
            (one.Client, one.Server, one.Request, one.Response) = (exchange.Client, exchange.Server, exchange.Request, exchange.Response);
            yield return one;
        }
    }

    public void Dispose()
    {
    }

    /// <summary>Adds an exchange.</summary>
    public FakeCapture Add(long connection, double milliseconds, string request, string body = "", string response = "HTTP/1.1 200 OK\r\n", string responseBody = "", ExchangeMarks marks = default)
    {
        var at = Begin + (long)(milliseconds * 1_000_000);
        _exchanges.Add(new()
        {
            Connection = connection,
            Order = _exchanges.Count(e => e.Connection == connection),
            Marks = marks,
            At = at,
            RequestEnd = at,
            ResponseAt = response.Length == 0 ? 0 : at + 1,
            ResponseEnd = response.Length == 0 ? 0 : at + 2,
            Client = new(IPAddress.Loopback, 40_000),
            Server = new(IPAddress.Loopback, 80),
            Request = Message(request, body),
            Response = Message(response, responseBody),
        });
        return this;
    }

    /// <summary>Puts them in order of time once.</summary>
    public void Sort() => _exchanges.Sort((a, b) => a.At.CompareTo(b.At));

    public FakeCapture Get(long connection, double milliseconds, string path, ExchangeMarks marks = default) =>
        Add(connection, milliseconds, $"GET {path} HTTP/1.1\r\nHost: shop.example\r\nUser-Agent: fox\r\n", marks: marks);

    public FakeCapture Turn(long connection, double milliseconds, string says, string answer, ExchangeMarks marks = default)
    {
        Add(connection, milliseconds, "", marks: marks);
        var turn = _exchanges[^1];
        turn.Protocol = TrafficProtocol.Tcp;
        turn.Request = new(default, Encoding.Latin1.GetBytes(says), says.Length);
        turn.Response = new(default, Encoding.Latin1.GetBytes(answer), answer.Length);
        return this;
    }

    private static CapturedMessage Message(string head, string body) => new(Encoding.Latin1.GetBytes(head), Encoding.Latin1.GetBytes(body), body.Length);
}
