using System.Net;
using System.Text;
using Pressure.TrafficCopy;

namespace Pressure.Bench;

/// <summary>Writes a capture of made-up traffic: so many clients at a time, each with a number of requests over its connection, at an even rate.</summary>
internal static class MadeUpCapture
{
    private const long NanosecondsPerSecond = 1_000_000_000;
    private const long FirstAt = 1_700_000_000 * NanosecondsPerSecond;

    public static void Write(string path, double perSecond, int seconds, int atATime, int each)
    {
        using var writer = new CaptureWriter(path);
        var response = new CapturedMessage(Encoding.ASCII.GetBytes("HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 5\r\n"), "hello"u8.ToArray(), 5);
        var count = (long)(perSecond * seconds);
        var server = new IPEndPoint(IPAddress.Parse("10.0.0.1"), 80);
        for (var n = 0L; n < count; n++)
        {
            var (turn, place) = Math.DivRem(n, atATime);
            var at = FirstAt + (long)(n * (NanosecondsPerSecond / perSecond));
            var isLast = (turn + 1) % each == 0 || n + atATime >= count;
            writer.Take(new CapturedExchange
            {
                Connection = 1 + place + (turn / each * atATime),
                Order = (int)(turn % each),
                Protocol = TrafficProtocol.Http1,
                Marks = isLast ? ExchangeMarks.Last : ExchangeMarks.None,
                At = at,
                RequestEnd = at,
                ResponseAt = at + 100_000,
                ResponseEnd = at + 100_000,
                Client = new(new IPAddress([10, 1, (byte)(place >> 8), (byte)place]), 40_000),
                Server = server,
                Request = new(Encoding.ASCII.GetBytes($"GET /item?id={n % 1000} HTTP/1.1\r\nHost: shop.example\r\nUser-Agent: Mozilla/5.0 (X11; Linux x86_64)\r\nAccept: */*\r\nAccept-Language: en\r\n"), default, 0),
                Response = response,
            });
        }

        writer.Complete();
    }
}
