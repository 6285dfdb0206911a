using System.Net;
using System.Text;

namespace Pressure.TrafficCopy.Tests;

/// <summary>Exchanges to be stored.</summary>
internal static class Exchanges
{
    public const long Start = 1_767_225_600_000_000_000;

    public static readonly IPEndPoint Shop = new(IPAddress.Parse("10.0.0.9"), 80);

    public static CapturedExchange Get(long connection, int order, long at, string target = "/item/42", string answer = "{\"ok\":true}") => new()
    {
        Connection = connection,
        Order = order,
        At = Start + at,
        RequestEnd = Start + at + 10,
        ResponseAt = Start + at + 1_000_000,
        ResponseEnd = Start + at + 1_500_000,
        Client = ClientOf(connection),
        Server = Shop,
        Request = Message($"GET {target} HTTP/1.1\r\nHost: shop.example\r\nUser-Agent: browser\r\n", ""),
        Response = Message($"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {answer.Length}\r\n", answer),
    };

    public static IPEndPoint ClientOf(long connection) => new(new IPAddress([10, 1, (byte)(connection >> 8), (byte)connection]), 40_000 + (int)(connection % 20_000));

    public static CapturedMessage Message(string head, string body) => new(Encoding.Latin1.GetBytes(head), Encoding.UTF8.GetBytes(body), Encoding.UTF8.GetByteCount(body));

    /// <summary>Everything that an exchange holds, to compare.</summary>
    public static string Text(CapturedExchange e) => string.Join('|',
        e.Connection, e.Order, e.Protocol, (int)e.Marks, e.At, e.RequestEnd, e.ResponseAt, e.ResponseEnd, e.Client, e.Server, Text(e.Request), e.HasResponse ? Text(e.Response) : "");

    public static List<string> Write(string path, IEnumerable<CapturedExchange> exchanges, CaptureWriterOptions? options = null, bool complete = true)
    {
        var written = new List<string>();
        using var writer = new CaptureWriter(path, options);
        foreach (var exchange in exchanges)
        {
            written.Add(Text(exchange));
            writer.Take(exchange);
        }

        if (complete)
            writer.Complete();
        return written;
    }

    public static List<string> Read(string path)
    {
        using var reader = CaptureReader.Open(path);
        return [.. reader.ByTime().Select(Text)];
    }

    private static string Text(CapturedMessage m) => $"{Encoding.Latin1.GetString(m.Head.Span)}~{Convert.ToHexString(m.Body.Span)}~{m.BodyLength}";
}
