namespace Pressure.TrafficCopy.Tests;

/// <summary>Exchanges of all kinds that other formats have to carry.</summary>
internal static class FormatSamples
{
    public static CancellationToken Stop => TestContext.Current.CancellationToken;

    public static IEnumerable<CapturedExchange> Http()
    {
        yield return Exchange(1, 0, 0, "GET /a?x=1&y HTTP/1.1\r\nHost: shop.example\r\nCookie: a=1; b=2\r\n", "", "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 5\r\n", "hällo"[..4]);
        yield return Exchange(2, 0, 10_000, "POST /b HTTP/1.1\r\nHost: shop.example:8080\r\nContent-Type: application/json\r\nContent-Length: 7\r\n", "{\"a\":1}", "HTTP/1.1 204 No Content\r\n", "");
        yield return Exchange(1, 1, 3_000_000, "GET /c HTTP/1.1\r\nHost: shop.example\r\n", "", "HTTP/1.1 404 Not Found\r\nTransfer-Encoding: chunked\r\nContent-Type: text/plain\r\n", "gone");
        yield return Exchange(1, 2, 6_000_000, "HEAD /d HTTP/1.1\r\nHost: shop.example\r\n", "", "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n", "");
        yield return Exchange(1, 3, 9_000_000, "PUT /e HTTP/1.1\r\nHost: shop.example\r\nTransfer-Encoding: chunked\r\nContent-Type: text/plain\r\n", new string('z', 5_000), "HTTP/1.1 302 Found\r\nLocation: /f\r\nSet-Cookie: s=1; Path=/\r\nSet-Cookie: t=2\r\nContent-Length: 0\r\n", "");
        var unanswered = Exchange(3, 0, 9_500_000, "GET /slow HTTP/1.1\r\nHost: shop.example\r\n", "", "", "");
        (unanswered.ResponseAt, unanswered.ResponseEnd, unanswered.Response) = (0, 0, default);
        yield return unanswered;
    }

    public static CapturedExchange Exchange(long connection, int order, long at, string request, string requestBody, string response, string responseBody)
    {
        var exchange = Exchanges.Get(connection, order, at);
        exchange.Request = Exchanges.Message(request, requestBody);
        exchange.Response = Exchanges.Message(response, responseBody);
        exchange.Response = Exchanges.Message(response.Replace("Content-Length: 5", $"Content-Length: {exchange.Response.BodyLength}"), responseBody);
        return exchange;
    }

    public static string Text(CapturedExchange exchange, bool withEnds)
    {
        var copy = exchange.Keep();
        if (!withEnds)
        {
            (copy.Client, copy.Server) = (Exchanges.Shop, Exchanges.Shop);
            copy.Marks = ExchangeMarks.None;
        }

        return Exchanges.Text(copy);
    }
}
