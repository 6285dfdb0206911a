using System.Net;
using System.Text;
using Pressure.TrafficCopy;

namespace Pressure.Cli.Tests.EndToEnd;

/// <summary>Writes a capture file, exchange by exchange.</summary>
internal sealed class CaptureOf(string path) : IDisposable
{
    private const long Begin = 1_767_225_600_000_000_000;

    private readonly CaptureWriter _writer = new(path);
    private readonly Dictionary<long, int> _orders = [];

    public CaptureOf Add(long connection, double milliseconds, string request, string body = "", string answer = "HTTP/1.1 200 OK\r\n", string answered = "")
    {
        var at = Begin + (long)(milliseconds * 1_000_000);
        _writer.Take(new()
        {
            Connection = connection,
            Order = _orders[connection] = _orders.GetValueOrDefault(connection, -1) + 1,
            At = at,
            RequestEnd = at,
            ResponseAt = at + 1000,
            ResponseEnd = at + 1000,
            Client = new(IPAddress.Loopback, 40_000 + (int)connection),
            Server = new(IPAddress.Loopback, 80),
            Request = Message(request, body),
            Response = Message(answer, answered),
        });
        return this;
    }

    public CaptureOf Get(long connection, double milliseconds, string target, string fields = "") => Add(connection, milliseconds, $"GET {target} HTTP/1.1\r\nHost: shop.example\r\n{fields}");

    public void Dispose()
    {
        _writer.Complete();
        _writer.Dispose();
    }

    private static CapturedMessage Message(string head, string body) => new(Encoding.Latin1.GetBytes(head), Encoding.Latin1.GetBytes(body), body.Length);
}
