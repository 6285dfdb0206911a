using System.Collections.Concurrent;
using System.Text;
using Pressure.LoadGen.Engine;

namespace Pressure.LoadGen.Tests.Engine;

public class CookieTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("http://a.test/x/y", "a=1", "http://a.test/x/z", "a=1")]
    [InlineData("http://a.test/x/y", "a=1", "http://a.test/xz", "")]
    [InlineData("http://a.test/x/y", "a=1; Path=/", "http://a.test/z", "a=1")]
    [InlineData("http://a.test/", "a=1", "http://b.a.test/", "")]
    [InlineData("http://b.a.test/", "a=1; Domain=.a.test", "http://c.a.test/", "a=1")]
    [InlineData("http://a.test/", "a=1; Domain=b.test", "http://b.test/", "")]
    [InlineData("http://a.test/", "a=1; Domain=test", "http://b.test/", "")]
    [InlineData("http://a.test/", "a=1; Secure", "http://a.test/", "")]
    [InlineData("http://a.test/", "a=1; Secure; HttpOnly; SameSite=Lax", "https://a.test/", "a=1")]
    [InlineData("http://a.test/", "a=1; Max-Age=0", "http://a.test/", "")]
    [InlineData("http://a.test/", "a=1; Expires=Thu, 01 Jan 1970 00:00:00 GMT", "http://a.test/", "")]
    [InlineData("http://a.test/", "a=1; Expires=Thu, 01 Jan 1970 00:00:00 GMT; Max-Age=60", "http://a.test/", "a=1")]
    [InlineData("http://a.test/", "a=1; Expires=Fri, 01 Jan 2027 00:00:00 GMT", "http://a.test/", "a=1")]
    [InlineData("http://127.0.0.1/", "a=x=y", "http://127.0.0.1/", "a=x=y")]
    [InlineData("http://a.test/", "=1", "http://a.test/", "")]
    [InlineData("http://a.test/", "nothing", "http://a.test/", "")]
    public void Cookies_go_where_they_belong(string from, string field, string to, string sent) => Assert.Equal(sent, Sent([field], from, to));

    [Fact]
    public void A_later_cookie_takes_the_place_of_an_earlier_one_and_may_take_it_away()
    {
        Assert.Equal("b=1; a=2", Sent(["a=1", "b=1", "a=2"], "http://a.test/", "http://a.test/"));
        Assert.Equal("b=1", Sent(["a=1", "b=1", "a=; Max-Age=0"], "http://a.test/", "http://a.test/"));
    }

    [Fact]
    public async Task An_iteration_sends_its_cookies_back_and_the_next_one_begins_without()
    {
        var heads = new ConcurrentBag<string>();
        var visitors = 0;
        await using var server = new RawServer(async c =>
        {
            while (await c.ReadRequestAsync() is { } head)
            {
                heads.Add(head);
                await c.WriteAsync($"HTTP/1.1 200 OK\r\nSet-Cookie: v={Interlocked.Increment(ref visitors)}\r\nSet-Cookie: k=x\r\nContent-Length: 2\r\n\r\nok");
            }
        });
        var get = EngineRun.Get(server.Url);
        var plan = EngineRun.Plan(20, 1, get, get with { Name = "second", Method = "POST", Body = "hello"u8.ToArray() });

        var run = await EngineRun.Of(plan with { Http = plan.Http with { Cookies = CookieKeeping.Iteration } }, lanes: 1);

        Assert.Equal(20, run.Total.Requests.Sum(r => r.Ok));
        Assert.All(heads.Where(h => h.StartsWith("GET", StringComparison.Ordinal)), h => Assert.DoesNotContain("Cookie:", h));
        Assert.All(heads.Where(h => h.StartsWith("POST", StringComparison.Ordinal)), h => Assert.Matches("\r\nCookie: v=[0-9]+; k=x\r\nContent-Length: 5\r\n$", h));
        Assert.Equal(10, heads.Where(h => h.StartsWith("POST", StringComparison.Ordinal)).Select(h => h[h.IndexOf("v=", StringComparison.Ordinal)..]).Distinct().Count());
    }

    [Theory]
    [InlineData("auth: { bearer: t0k }", "Bearer t0k")]
    [InlineData("auth: { basic: { user: 用户, password: 'p:w' } }", "Basic 55So5oi3OnA6dw==")]
    [InlineData("auth: { bearer: '{{iteration}}' }", "Bearer 0")]
    [InlineData("auth: { basic: { user: 'u{{iteration}}', password: p } }", "Basic dTA6cA==")]
    public async Task Authorization_is_written_out(string step, string value)
    {
        var heads = new ConcurrentBag<string>();
        await using var server = new RawServer(async c =>
        {
            while (await c.ReadRequestAsync() is { } head)
            {
                heads.Add(head);
                await c.WriteAsync(RawServer.Ok);
            }
        });
        var plan = Plans.Read(Plans.With("rate: 1/s, duration: 1s", $"get: /, {step}").Replace("http://127.0.0.1:5080", server.Url.GetLeftPart(UriPartial.Authority)));

        await EngineRun.Of(plan);
        await SingleRequest.TryAsync(plan.Requests[0], plan.Http, "run-1", TestContext.Current.CancellationToken);

        Assert.Equal(2, heads.Count);
        Assert.All(heads, h => Assert.Contains($"\r\nAuthorization: {value}\r\n", h));
    }

    [Theory]
    [InlineData("auth: { }", "auth", "exactly one kind")]
    [InlineData("auth: { basic: { user: a } }", "auth.basic.password", "missing")]
    [InlineData("auth: { basic: { user: 'a:b', password: p } }", "auth.basic.user", "colon")]
    [InlineData("auth: { bearer: 商 }", "auth.bearer", "ASCII")]
    [InlineData("headers: { authorization: x }, auth: { bearer: y }", "auth", "Authorization header")]
    [InlineData("auth: { bearer: '{{x}}' }", "auth.bearer", "nothing is named")]
    public void What_can_not_be_is_told_at_its_place(string step, string field, string message)
    {
        var problem = Plans.OnlyProblem(Plans.With(step: $"get: /, {step}"));

        Assert.Equal($"scenarios[0].steps[0].{field}", problem.Field);
        Assert.Contains(message, problem.Message);
    }

    private static string Sent(string[] fields, string from, string to)
    {
        var jar = new CookieJar(() => Now);
        foreach (var field in fields)
            jar.Take(Encoding.UTF8.GetBytes(field), new(from));
        var buffer = new ByteBuffer();
        jar.Write(new(to), buffer);
        return Encoding.UTF8.GetString(buffer.Written);
    }
}
