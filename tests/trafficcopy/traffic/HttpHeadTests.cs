using System.Buffers;
using System.Text;

namespace Pressure.TrafficCopy.Tests;

public sealed class HttpHeadTests
{
    [Theory]
    [InlineData("/a/b?c=1", "/a/b", "c=1", "h")]
    [InlineData("/", "/", "", "h")]
    [InlineData("*", "*", "", "h")]
    [InlineData("http://shop:80/a?b#c", "/a", "b", "shop:80")]
    [InlineData("http://shop", "/", "", "shop")]
    [InlineData("http://shop?x", "/", "x", "shop")]
    [InlineData("/go?to=http://other/", "/go", "to=http://other/", "h")]
    [InlineData("db:443", "db:443", "", "h")]
    [InlineData("/with space", "/with space", "", "h")]
    public void A_request_line_is_taken_apart(string target, string path, string query, string host)
    {
        var head = new HttpHead(Bytes($"GET {target} HTTP/1.1\r\nHost: h\r\n"));
        Assert.Equal(["GET", target, path, query, host], [Text(head.Method), Text(head.Target), Text(head.Path), Text(head.Query), Text(head.Host)]);
        Assert.False(head.IsResponse);
        Assert.Equal(0, head.Status);
    }

    [Theory]
    [InlineData("HTTP/1.1 200 OK", 200)]
    [InlineData("HTTP/1.1 404", 404)]
    [InlineData("HTTP/1.0 302 ", 302)]
    [InlineData("HTTP/1.1 2000 OK", 0)]
    [InlineData("HTTP/1.1 OK", 0)]
    [InlineData("HTTP/1.1", 0)]
    public void A_status_line_tells_its_status(string line, int status)
    {
        var head = new HttpHead(Bytes(line + "\r\n"));
        Assert.True(head.IsResponse);
        Assert.Equal(status, head.Status);
        Assert.True(head.Method.IsEmpty && head.Target.IsEmpty && head.Path.IsEmpty);
    }

    [Fact]
    public void Fields_are_found_whatever_their_case()
    {
        var head = new HttpHead(Bytes("GET / HTTP/1.1\r\nCookie: a=1\r\nX-Empty:\r\nno colon\r\nCOOKIE :\t b=2 \r\n\r\nAfter: the end\r\n"));
        Assert.Equal("a=1", Text(head.Find("cookie"u8)));
        Assert.Equal("b=2", Text(head.FindLast("cookie"u8)));
        Assert.Equal("a=1, b=2", head.Combined("Cookie"u8));
        Assert.True(head.TryFind("x-empty"u8, out var empty) && empty.IsEmpty);
        Assert.False(head.Has("after"u8));
        Assert.Null(head.Combined("Accept"u8));
        var lines = new List<string>();
        foreach (var field in head)
            lines.Add($"{Text(field.Name)}|{Text(field.Value)}");
        Assert.Equal(["Cookie|a=1", "X-Empty|", "|no colon", "COOKIE|b=2"], lines);
    }

    [Theory]
    [InlineData("")]
    [InlineData("\r\n")]
    [InlineData("GET")]
    [InlineData(" ")]
    [InlineData("://")]
    [InlineData("GET ://")]
    public void What_makes_no_sense_has_no_parts(string text)
    {
        var head = new HttpHead(Bytes(text));
        Assert.Equal(0, head.Status);
        Assert.True(head.Find("Host"u8).IsEmpty && head.Query.IsEmpty && head.Host.IsEmpty);
        _ = head.Path;
    }

    [Fact]
    public void What_is_written_is_read_again_and_no_value_adds_a_field()
    {
        var written = new ArrayBufferWriter<byte>();
        var writer = new HttpHeadWriter(written);
        writer.Request("POST"u8, "/a"u8);
        writer.Field("Host"u8, "x\r\nEvil: 1\0"u8);
        writer.Field("Content-Length"u8, 12345678901);
        writer.Field(new HttpField("Accept : */*"u8));
        Assert.Equal("POST /a HTTP/1.1\r\nHost: x  Evil: 1 \r\nContent-Length: 12345678901\r\nAccept : */*\r\n", Text(written.WrittenSpan));
        written.Clear();
        writer.Response(204);
        writer.StartLine("HTTP/1.0 200 OK"u8);
        Assert.Equal("HTTP/1.1 204 \r\nHTTP/1.0 200 OK\r\n", Text(written.WrittenSpan));
    }

    private static byte[] Bytes(string text) => Encoding.Latin1.GetBytes(text);

    private static string Text(ReadOnlySpan<byte> bytes) => Encoding.Latin1.GetString(bytes);
}
