using System.IO.Compression;
using System.Text;
using System.Text.RegularExpressions;
using Pressure.LoadGen;

namespace Pressure.Cluster.Tests;

/// <summary>Values of answers that later requests of the same client take over.</summary>
public sealed class ReplayCarryTests
{
    private static readonly ReplayOrder Plain = new() { Captures = ["fake.capture"], Methods = ["GET", "POST"], Speed = double.PositiveInfinity };

    [Fact]
    public void Cookies_that_the_target_sets_replace_the_captured_ones()
    {
        var capture = new FakeCapture()
            .Add(1, 0, "POST /login HTTP/1.1\r\nHost: x\r\nCookie: lang=en\r\n", "a", "HTTP/1.1 200 OK\r\nSet-Cookie: sid=old\r\n")
            .Add(1, 1, "GET /cart HTTP/1.1\r\nHost: x\r\nCookie: lang=en; sid=old\r\n")
            .Add(2, 2, "GET /cart HTTP/1.1\r\nHost: x\r\nCookie: sid=old\r\n");
        var played = Play(Plain, capture, r => r.Target == "/login" ? ("HTTP/1.1 200 OK\r\nset-cookie: sid=new; Path=/; HttpOnly\r\n", "") : Ok);
        Assert.Equal(["lang=en", "lang=en; sid=new", "sid=old"], Cookies(played));
        Assert.Equal(1, played.Account.Carried);
    }

    [Theory]
    [InlineData("a=1", "/x", "", "a=1")]
    [InlineData("a=1; Path=/deep", "/x", "", null)]
    [InlineData("a=1; Path=/x", "/x/y", "b=2", "b=2; a=1")]
    [InlineData("a=1; Path=/deep", "/x", "a=0", "a=1")]
    [InlineData("a=; Max-Age=0", "/x", "a=0; b=2", "b=2")]
    [InlineData("a=; Expires=Thu, 01 Jan 1970 00:00:00 GMT", "/x", "a=0", null)]
    [InlineData("a=1; Max-Age=100", "/x", "", "a=1")]
    [InlineData("=1", "/x", "a=0", "a=0")]
    [InlineData("a", "/x", "a=0", "a=0")]
    public void Cookies_go_where_browsers_would_send_them(string set, string path, string captured, string? sent)
    {
        var capture = new FakeCapture()
            .Add(1, 0, "GET /first HTTP/1.1\r\nHost: x\r\n", response: "HTTP/1.1 200 OK\r\nSet-Cookie: z=1\r\n")
            .Add(1, 1, $"GET {path} HTTP/1.1\r\nHost: x\r\n" + (captured.Length > 0 ? $"Cookie: {captured}\r\n" : ""));
        var played = Play(Plain, capture, r => r.Target == "/first" ? ($"HTTP/1.1 200 OK\r\nSet-Cookie: {set}\r\n", "") : Ok);
        Assert.Equal(sent, played.Requests[1].Field("Cookie"));
    }

    [Fact]
    public void Masked_cookies_and_fields_without_a_value_are_left_out_and_counted()
    {
        var capture = new FakeCapture()
            .Add(1, 0, $"GET /a HTTP/1.1\r\nHost: x\r\nAuthorization: {Mask}\r\nCookie: sid={Mask}; lang=en\r\n")
            .Add(1, 1, $"GET /b HTTP/1.1\r\nHost: x\r\nCookie: sid={Mask}; lang=en\r\n");
        var played = Play(Plain, capture, _ => ("HTTP/1.1 200 OK\r\nSet-Cookie: sid=new\r\n", ""));
        Assert.Equal(["lang=en", "sid=new; lang=en"], Cookies(played));
        Assert.Null(played.Requests[0].Field("Authorization"));
        Assert.Equal((2, 1), (played.Account.LeftOut, played.Account.Carried));
    }

    [Theory]
    [InlineData("", "HTTP/1.1 200 OK\r\n", false)]
    [InlineData("Cookie: a=1\r\n", "HTTP/1.1 200 OK\r\n", true)]
    [InlineData("", "HTTP/1.1 200 OK\r\nSet-Cookie: a=1\r\n", true)]
    [InlineData("", "", true)]
    public void Answers_are_looked_at_where_cookies_may_be(string field, string response, bool looked)
    {
        var capture = new FakeCapture().Add(1, 0, $"GET /a HTTP/1.1\r\nHost: x\r\n{field}", response: response).Get(1, 1, "/b");
        var played = Play(Plain, capture, _ => ("HTTP/1.1 200 OK\r\nSet-Cookie: b=2\r\n", ""));
        Assert.Equal(looked ? "b=2" : null, played.Requests[1].Field("Cookie"));
    }

    [Fact]
    public void Without_cookies_the_captured_ones_stay()
    {
        var capture = new FakeCapture().Get(1, 0, "/a").Add(1, 1, "GET /b HTTP/1.1\r\nHost: x\r\nCookie: sid=old\r\n");
        var played = Play(Plain with { CarriesCookies = false }, capture, _ => ("HTTP/1.1 200 OK\r\nSet-Cookie: sid=new\r\n", ""));
        Assert.Equal("sid=old", played.Requests[1].Field("Cookie"));
    }

    [Fact]
    public void A_token_of_a_login_goes_wherever_the_captured_one_stood()
    {
        var order = Plain with { Carries = [Json("$.token")] };
        var capture = new FakeCapture()
            .Add(1, 0, "POST /login HTTP/1.1\r\nHost: x\r\n", "u", "HTTP/1.1 200 OK\r\n", "{\"token\":\"abc+1\"}")
            .Add(1, 1, "GET /abc+1/x?t=abc%2B1&n=abc+1 HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer abc+1\r\n")
            .Add(1, 2, "POST /json HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n", "{\"t\":\"abc+1\",\"u\":\"xabc+1\"}")
            .Add(1, 3, "POST /form HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\n", "t=abc%2B1&z=1")
            .Add(2, 4, "GET /abc+1 HTTP/1.1\r\nHost: x\r\n");
        var played = Play(order, capture, r => r.Target == "/login" ? ("HTTP/1.1 200 OK\r\n", "{\"x\":1,\"token\":\"n\\\"/=9\"}") : Ok);

        Assert.Equal("/n%22/=9/x?t=n%22%2F%3D9&n=n%22/=9", played.Requests[1].Target);
        Assert.Equal("Bearer n\"/=9", played.Requests[1].Field("Authorization"));
        // As plain as it stood: this value looked the same inside and outside of a JSON string, so what replaces it is written for one.
        Assert.Equal("{\"t\":\"n\\\"/=9\",\"u\":\"xabc+1\"}", played.Requests[2].Body);
        Assert.Equal("t=n%22%2F%3D9&z=1", played.Requests[3].Body);
        Assert.Equal("/abc+1", played.Requests[4].Target);
        Assert.All(played.Requests.Skip(2).Take(2), r => Assert.Equal(r.Body.Length.ToString(), r.Field("Content-Length")));
        Assert.Equal(6, played.Account.Carried);
    }

    [Fact]
    public void A_hidden_field_of_a_form_goes_into_its_post()
    {
        var order = Plain with { Carries = [new CarriedValue(null, null, new Regex("name=\"csrf\" value=\"([^\"]+)\"", RegexOptions.NonBacktracking), null)] };
        var capture = new FakeCapture()
            .Add(1, 0, "GET /form HTTP/1.1\r\nHost: x\r\n", response: "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n", responseBody: Zipped("<input name=\"csrf\" value=\"aaaa\">"))
            .Add(1, 1, "POST /form HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 15\r\n", "csrf=aaaa&x=aaaab");
        var played = Play(order, capture, r => r.StartLine.StartsWith("GET", StringComparison.Ordinal) ? ("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n", Zipped("<input name=\"csrf\" value=\"b+/=\">")) : Ok);
        Assert.Equal("csrf=b%2B%2F%3D&x=aaaab", played.Requests[1].Body);
        Assert.Equal("23", played.Requests[1].Field("Content-Length"));
    }

    [Theory]
    [InlineData("17", "/orders/17", "/orders/93")]
    [InlineData("17", "/orders/170/17", "/orders/170/93")]
    [InlineData("17", "/orders/2017?to=%2Forders%2F17", "/orders/2017?to=%2Forders%2F93")]
    [InlineData("/orders/17", "/orders/17?x", "/orders/93?x")]
    public void A_value_is_replaced_where_it_stands_as_a_word(string captured, string later, string sent)
    {
        var order = Plain with { Carries = [new CarriedValue("Location", null, null, null)] };
        var capture = new FakeCapture()
            .Add(1, 0, "POST /orders HTTP/1.1\r\nHost: x\r\n", "o", $"HTTP/1.1 201 Created\r\nLocation: {captured}\r\n")
            .Get(1, 1, later);
        var played = Play(order, capture, _ => ($"HTTP/1.1 201 Created\r\nlocation: {captured.Replace("17", "93", StringComparison.Ordinal)}\r\n", ""));
        Assert.Equal(sent, played.Requests[1].Target);
    }

    [Fact]
    public void A_masked_field_is_filled_from_its_template_once_there_is_a_value()
    {
        var order = Plain with { Carries = [Json("$.token", "Authorization: Bearer {}")] };
        var capture = new FakeCapture()
            .Add(1, 0, $"GET /early HTTP/1.1\r\nHost: x\r\nAuthorization: {Mask}\r\n")
            .Add(1, 1, "POST /login HTTP/1.1\r\nHost: x\r\n", "u", "HTTP/1.1 200 OK\r\n", $"{{\"token\":\"{Mask}\"}}")
            .Add(1, 2, $"GET /late HTTP/1.1\r\nHost: x\r\nauthorization: {Mask}\r\nAccept: a/b\r\n")
            .Add(1, 3, "GET /plain HTTP/1.1\r\nHost: x\r\n");
        var played = Play(order, capture, r => r.Target == "/login" ? ("HTTP/1.1 200 OK\r\n", "{\"token\":\"t0k\\r\\nX: y\"}") : Ok);
        Assert.Equal([null, null, "Bearer t0kX: y", null], played.Requests.Select(r => r.Field("Authorization")));
        Assert.Equal((1, 1), (played.Account.Carried, played.Account.LeftOut));
    }

    [Fact]
    public void Copies_and_loops_have_values_of_their_own()
    {
        var order = Plain with { Multiply = 3, Loops = 2, Carries = [new CarriedValue("X-Token", null, null, null)] };
        var capture = new FakeCapture()
            .Add(1, 0, "POST /login HTTP/1.1\r\nHost: x\r\n", "u", "HTTP/1.1 200 OK\r\nX-Token: captured\r\n")
            .Add(1, 1, "GET /me HTTP/1.1\r\nHost: x\r\nX-Token: captured\r\n");
        var played = Play(order, capture, r => ($"HTTP/1.1 200 OK\r\nX-Token: token-{r.Client}\r\nSet-Cookie: c={r.Client}\r\n", ""));
        var me = played.Requests.Where(r => r.Text.StartsWith("GET", StringComparison.Ordinal)).ToList();
        Assert.Equal(6, me.Count);
        Assert.All(me, r => Assert.Equal(($"token-{r.Client}", $"c={r.Client}"), (r.Field("X-Token"), r.Field("Cookie"))));
    }

    [Fact]
    public void What_a_client_remembers_is_bounded()
    {
        var order = Plain with { Carries = [new CarriedValue("X-Token", null, null, null)] };
        var capture = new FakeCapture();
        for (var i = 0; i < 500; i++)
            capture.Add(1, i, $"GET /{i} HTTP/1.1\r\nHost: x\r\nX-Last: value-{i - 1}\r\n", response: $"HTTP/1.1 200 OK\r\nX-Token: value-{i}\r\n");
        var played = Play(order, capture, r => ($"HTTP/1.1 200 OK\r\nX-Token: new-{r.Target[1..]}\r\nSet-Cookie: c{r.Target[1..]}=1\r\n", ""));
        Assert.Equal("new-63", played.Requests[64].Field("X-Last"));
        Assert.Equal("value-64", played.Requests[65].Field("X-Last"));
        Assert.Equal(50, played.Requests[^1].Field("Cookie")!.Split(';').Length);
    }

    private const string Mask = "***";

    private static readonly (string, string) Ok = ("HTTP/1.1 200 OK\r\n", "");

    private static CarriedValue Json(string path, string? into = null)
    {
        Assert.Null(JsonPath.TryParse(path, out var parsed));
        return new(null, parsed, null, into);
    }

    private static PlayedReplay Play(ReplayOrder order, FakeCapture capture, PlayedReplay.Answer answer) => PlayedReplay.Of(order, 1, answer, capture);

    private static IEnumerable<string?> Cookies(PlayedReplay played) => played.Requests.Select(r => r.Field("Cookie"));

    private static string Zipped(string text)
    {
        using var bytes = new MemoryStream();
        using (var zip = new GZipStream(bytes, CompressionLevel.Fastest))
            zip.Write(Encoding.UTF8.GetBytes(text));
        return Encoding.Latin1.GetString(bytes.ToArray());
    }
}
