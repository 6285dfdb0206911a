using System.Text;

namespace Pressure.TrafficCopy.Tests;

/// <summary>A valid conversation made up at random, and what has to be read of it. Request n asks for <c>/n</c>, and its response has the field <c>N: n</c>.</summary>
internal sealed class HttpTalk
{
    /// <summary>Of which a body could be made that looks like a message of its own; so does a method that ends like another one.</summary>
    private static readonly string[] Misleading = ["HTTP/1.", " HTTP/1.1\r", "GET /x HTTP/1.1\r\nHost: h\r\n\r\n"];

    private readonly Random _random;
    private readonly bool _canMislead;

    public HttpTalk(int seed, bool canEndOpen = true, bool canMislead = true)
    {
        (_random, _canMislead) = (new Random(seed), canMislead);
        var count = _random.Next(1, 12);
        for (var n = 0; n < count; n++)
            Exchanges.Add(Make(n, canEndOpen && n == count - 1));
    }

    public List<Exchange> Exchanges { get; } = [];

    public string Client => string.Concat(Exchanges.Select(exchange => exchange.Request));

    public string Server => string.Concat(Exchanges.Select(exchange => exchange.Response));

    public string[] Told => [.. Exchanges.Select(exchange => exchange.Told)];

    /// <summary>Text in pieces.</summary>
    public static IEnumerable<string> Cut(string text, Random random, int most)
    {
        for (var at = 0; at < text.Length;)
        {
            var length = Math.Min(text.Length - at, random.Next(1, most + 1));
            yield return text.Substring(at, length);
            at += length;
        }
    }

    private Exchange Make(int n, bool isLast)
    {
        var method = Pick("GET", "GET", "POST", "PUT", "HEAD", "DELETE", "OPTIONS", _canMislead ? "M-SEARCH" : "PATCH");
        var asked = method is "POST" or "PUT" || _random.Next(8) == 0 ? Body() : null;
        var end = Pick("\r\n", "\r\n", "\r\n", "\n");
        var request = $"{Pick("", "", "", "\r\n")}{method} /{n} HTTP/1.{Pick("1", "1", "0")}{end}{Field("Host: h", end)}{Fields(end)}";
        request += asked is null ? end : _random.Next(2) == 0 && !request.Contains("HTTP/1.0") ? Chunked(asked, end) : $"Content-Length: {asked.Length}{end}{end}{asked}";
        var status = Pick("200", "200", "200", "404", "206", "304", "204", "500");
        var hasBody = method != "HEAD" && status is not ("304" or "204");
        var answered = hasBody ? Body() : "";
        var interim = Pick("", "", "", "HTTP/1.1 100 Continue\r\n\r\n", "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\nHTTP/1.1 103 Early Hints\r\n\r\n");
        var response = $"{interim}HTTP/1.1 {status} OK\r\nN: {n}\r\n{Fields("\r\n")}";
        var framing = _random.Next(isLast && hasBody ? 3 : 2);
        response += framing switch
        {
            0 => $"Content-Length: {(method == "HEAD" ? 99 : answered.Length)}\r\n\r\n{answered}",
            1 when hasBody => Chunked(answered, "\r\n"),
            2 => $"\r\n{answered}",
            _ => status == "204" ? "\r\n" : "Transfer-Encoding: chunked\r\n\r\n",
        };
        if (framing == 0 && status == "204")
            response = response.Replace("Content-Length: 0\r\n", "");
        return new Exchange(request, response, $"{method} /{n} {asked}".Trim() + " > " + $"{status} {answered}".Trim());
    }

    private string Fields(string end) => string.Concat(Enumerable.Range(0, _random.Next(3)).Select(i => Field($"X-{i}: {new string('v', _random.Next(40))}", end)));

    private static string Field(string field, string end) => field + end;

    private string Body()
    {
        var letters = new StringBuilder();
        for (var length = _random.Next(3) == 0 ? _random.Next(2_000) : _random.Next(20); letters.Length < length;)
            letters.Append(Pick(["a", "{\"b\":1}", "\r\n", "\n\n", "0\r\n\r\n", "GET ", "\0", "\u00ff", .. _canMislead ? Misleading : []]));
        // So that what is told can be trimmed.
        return letters.Append('.').Insert(0, '.').ToString();
    }

    private string Chunked(string body, string end)
    {
        var text = new StringBuilder($"Transfer-Encoding: {Pick("chunked", "Chunked", "gzip, chunked")}{end}{end}");
        foreach (var piece in Cut(body, _random, 60))
            text.Append($"{Pick("", "0", "00")}{piece.Length:x}{Pick("", "", ";a=b", " ;\"x\"")}\r\n{piece}\r\n");
        return text.Append($"0{Pick("", ";last")}\r\n{Pick("", "", "Sum: 1\r\nX: 2\r\n")}\r\n").ToString();
    }

    private string Pick(params string[] from) => from[_random.Next(from.Length)];

    /// <summary>An exchange as bytes, and as <see cref="HttpText.Told"/> has to tell it.</summary>
    public sealed record Exchange(string Request, string Response, string Told);
}
