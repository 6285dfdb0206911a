using System.Collections.Concurrent;
using System.Text;
using Pressure.Record;

namespace Pressure.LoadGen.Tests.Engine;

public abstract class RedirectTests(bool tls, bool overHandler) : OverAllLanes(tls, overHandler)
{
    private readonly ConcurrentQueue<string> _heads = new();

    [Theory]
    [InlineData(301, "GET", "GET")]
    [InlineData(301, "POST", "GET")]
    [InlineData(302, "POST", "GET")]
    [InlineData(302, "PUT", "PUT")]
    [InlineData(303, "PUT", "GET")]
    [InlineData(303, "HEAD", "HEAD")]
    [InlineData(307, "POST", "POST")]
    [InlineData(308, "PUT", "PUT")]
    public async Task The_status_says_what_becomes_of_the_method_and_the_body(int status, string method, string then)
    {
        await using var server = Recording(h => At(h, "/") ? Redirecting("/next?a=1", status) : h.StartsWith("HEAD", StringComparison.Ordinal) ? "HTTP/1.1 200 OK\r\n\r\n" : Ok());
        var request = EngineRun.Get(server.Url) with { Method = method };
        if (method is "POST" or "PUT")
            request = request with { Headers = [new("Content-Type", "text/plain"), new("X-Mine", "1")], Body = "hello"u8.ToArray() };

        var run = await RunAsync(EngineRun.Plan(50, 0.1, request));

        Assert.Equal((5, 5), (run.Only.Ok, run.Only.Sent));
        Assert.Equal((5, 5), (run.Only.StatusCount(200), run.Only.StatusCount(status)));
        var hops = _heads.Where(h => At(h, "/next")).ToList();
        Assert.Equal(5, hops.Count);
        Assert.All(hops, h => Assert.StartsWith($"{then} /next?a=1 HTTP/1.1\r\n", h));
        Assert.All(hops, h => Assert.Equal(then is "POST" or "PUT", h.Contains("Content-Length: 5\r\n", StringComparison.Ordinal)));
        Assert.All(hops, h => Assert.Equal(then is "POST" or "PUT", h.Contains("Content-Type:", StringComparison.Ordinal)));
        Assert.All(hops, h => Assert.Contains("\r\nX-Pressure-Run: run-1\r\n", h));
    }

    [Theory]
    [InlineData("next", "/shop/next")]
    [InlineData("../next", "/next")]
    [InlineData("?q=2", "/shop/item?q=2")]
    [InlineData("/a b/红#top", "/a%20b/%E7%BA%A2")]
    public async Task A_location_counts_from_where_the_request_went(string location, string target)
    {
        await using var server = Recording(h => At(h, "/shop/item ") ? Redirecting(location) : Ok());

        var run = await RunAsync(EngineRun.Plan(10, 0.1, EngineRun.Get(new(server.Url, "/shop/item"))));

        Assert.Equal(1, run.Only.Ok);
        Assert.StartsWith($"GET {target} HTTP/1.1\r\n", _heads.Last());
    }

    [Fact]
    public async Task Another_origin_gets_neither_credentials_nor_the_name_of_the_first()
    {
        await using var other = Recording(_ => Ok("there"));
        await using var server = Recording(h => At(h, "/") ? Redirecting("/same") : Redirecting($"{other.Url}x"));
        var request = EngineRun.Get(server.Url) with
        {
            Headers = [new("Authorization", "Bearer t"), new("Cookie", "a=1"), new("X-Mine", "1")],
            Checks = [new Check.BodyContains("there")],
        };

        var run = await RunAsync(EngineRun.Plan(10, 0.1, request));

        Assert.Equal((1, 2), (run.Only.Ok, run.Only.StatusCount(302)));
        var (same, there) = (_heads.ElementAt(1), _heads.ElementAt(2));
        Assert.Contains("Authorization: Bearer t\r\n", same);
        Assert.Contains("Cookie: a=1\r\n", same);
        Assert.Contains($"Host: 127.0.0.1:{other.Port}\r\n", there);
        Assert.DoesNotContain("Authorization", there);
        Assert.DoesNotContain("Cookie", there);
        Assert.Contains("X-Mine: 1\r\n", there);
    }

    [Fact]
    public async Task A_redirect_may_lead_from_one_scheme_to_the_other()
    {
        await using var plain = RawServer.Answering();
        await using var secure = RawServer.Answering(tls: true);
        await using var server = Recording(h => Redirecting(At(h, "/plain") ? plain.Url.AbsoluteUri : secure.Url.AbsoluteUri));

        var run = await RunAsync(EngineRun.Plan(40, 0.1, EngineRun.Get(new(server.Url, "/plain"), "a"), EngineRun.Get(new(server.Url, "/secure"), "b")));

        Assert.Equal([2, 2], run.Total.Requests.Select(r => r.Ok));
        Assert.Equal((2, 2), (plain.Requests, secure.Requests));
    }

    [Fact]
    public async Task Cookies_of_a_redirect_go_along()
    {
        await using var server = Recording(h => At(h, "/") ? "HTTP/1.1 302 Found\r\nLocation: /home\r\nSet-Cookie: sid=1\r\nContent-Length: 0\r\n\r\n" : Ok());

        await RunAsync(EngineRun.Plan(10, 0.1, EngineRun.Get(server.Url)) with { Http = EngineRun.Insecure with { Cookies = CookieKeeping.Iteration } });

        Assert.Contains("\r\nCookie: sid=1\r\n", _heads.Last());
        Assert.StartsWith("GET /home ", _heads.Last());
    }

    [Fact]
    public async Task A_circle_ends_at_the_limit_under_its_own_name()
    {
        await using var server = Recording(h => Redirecting(At(h, "/") ? "/again" : "/"));

        var run = await RunAsync(EngineRun.Plan(20, 0.1, EngineRun.Get(server.Url), EngineRun.Get(server.Url, "short") with { Redirects = 2 }));

        Assert.Equal([(RequestError.TooManyRedirects, 1L)], run.Total.Requests[0].Errors());
        Assert.Equal([(RequestError.TooManyRedirects, 1L)], run.Total.Requests[1].Errors());
        Assert.Equal([11, 3], run.Total.Requests.Select(r => r.StatusCount(302)));
        Assert.Equal(11 + 3, server.Requests);
    }

    [Theory]
    [InlineData("http://shop.example/")]
    [InlineData("//10.0.0.1/x")]
    [InlineData("file:///etc/passwd")]
    [InlineData("javascript:alert(1)")]
    [InlineData("ftp://127.0.0.1/")]
    public async Task Where_it_may_not_go_nothing_is_sent(string location)
    {
        await using var server = Recording(_ => Redirecting(location));

        var run = await RunAsync(EngineRun.Plan(30, 0.1, EngineRun.Get(server.Url)));

        Assert.Equal([(RequestError.RedirectRefused, 3L)], run.Only.Errors());
        Assert.Equal(3, server.Requests);
    }

    [Theory]
    [InlineData("http://")]
    [InlineData("http://[::1")]
    [InlineData("http://a b/")]
    [InlineData("http://127.0.0.1:99999/")]
    [InlineData(@"\\127.0.0.1\x")]
    public async Task A_location_that_is_no_url_has_its_own_name(string location)
    {
        await using var server = Recording(_ => Redirecting(location));

        var run = await RunAsync(EngineRun.Plan(30, 0.1, EngineRun.Get(server.Url)));

        Assert.Equal([(RequestError.RedirectInvalid, 3L)], run.Only.Errors());
    }

    [Theory]
    [InlineData("HTTP/1.1 302 Found\r\nContent-Length: 0\r\n\r\n", 302)]
    [InlineData("HTTP/1.1 302 Found\r\nLocation:\r\nContent-Length: 0\r\n\r\n", 302)]
    [InlineData("HTTP/1.1 304 Not Modified\r\nLocation: /x\r\n\r\n", 304)]
    [InlineData("HTTP/1.1 300 Multiple Choices\r\nLocation: /x\r\nContent-Length: 0\r\n\r\n", 300)]
    public async Task What_leads_nowhere_is_an_answer(string response, int status)
    {
        await using var server = Recording(_ => response);

        var run = await RunAsync(EngineRun.Plan(30, 0.1, EngineRun.Get(server.Url)));

        Assert.Equal((3, 3, 3), (run.Only.Ok, run.Only.StatusCount(status), server.Requests));
    }

    [Fact]
    public async Task A_plan_may_look_at_the_redirect_itself()
    {
        await using var server = Recording(_ => Redirecting("/x"));
        var check = EngineRun.Get(server.Url) with { Redirects = 0, Checks = [new Check.Status([(302, 302)]), new Check.Header("Location", "/x")] };

        var run = await RunAsync(EngineRun.Plan(30, 0.1, check));

        Assert.Equal((3, 3, 6), (run.Only.Ok, server.Requests, run.Only.ChecksPassed));
    }

    [Fact]
    public async Task A_long_location_is_followed_and_one_beyond_the_headers_limit_is_not()
    {
        await using var server = Recording(h => At(h, "/") ? Redirecting("/" + new string('x', 10_000)) : At(h, "/huge") ? Redirecting("/" + new string('x', 100_000)) : Ok());

        var run = await RunAsync(EngineRun.Plan(20, 0.1, EngineRun.Get(server.Url), EngineRun.Get(new(server.Url, "/huge"), "huge")));

        Assert.Equal(1, run.Total.Requests[0].Ok);
        Assert.Equal([(RequestError.HeadersTooLarge, 1L)], run.Total.Requests[1].Errors());
    }

    [Fact]
    public async Task The_time_limit_holds_for_all_hops_together()
    {
        await using var server = Serving(async c =>
        {
            while (await c.ReadRequestAsync() is { } head)
            {
                var isFirst = At(head, "/first");
                if (!isFirst)
                    await c.DelayAsync(0.2);
                await c.WriteAsync(isFirst ? Ok() : Redirecting("/on"));
            }
        });
        // Opens the iteration's connection, so that no handshake counts to the limit in question.
        var first = EngineRun.Get(new(server.Url, "/first"), "first");
        var request = EngineRun.Get(server.Url) with { Timeout = TimeSpan.FromSeconds(0.7), Redirects = 50 };

        var run = await RunAsync(EngineRun.Plan(2, 2, first, request) with { Http = EngineRun.Insecure with { KeepAliveInIteration = true } });

        // All the redirects that it may follow would take ten seconds, and be too many in the end.
        Assert.Equal([(RequestError.ResponseTimeout, 2L)], run.Total.Requests[1].Errors());
        Assert.InRange(run.Total.Requests[1].ResponseTime.Min.TotalSeconds, 0.68, 60);
    }

    [Fact]
    public async Task One_connection_is_enough_for_two_origins()
    {
        await using var other = Recording(_ => Ok());
        await using var server = Recording(_ => Redirecting(other.Url.AbsoluteUri));
        var plan = EngineRun.Plan(200, 0.1, EngineRun.Get(server.Url)) with { Http = EngineRun.Insecure with { MaxConnections = 1 } };

        var run = await RunAsync(plan);

        Assert.Equal((20, 20), (run.Only.Ok, other.Requests));
    }

    private RawServer Recording(Func<string, string> answer) => Answering(head =>
    {
        _heads.Enqueue(head);
        return answer(head);
    });

    private static bool At(string head, string path) => head.Split(' ')[1] is var target && (target == path.TrimEnd() || (path.Length > 1 && !path.EndsWith(' ') && target.StartsWith(path, StringComparison.Ordinal)));

    private static string Redirecting(string location, int status = 302) =>
        $"HTTP/1.1 {status} Moved\r\nLocation: {Encoding.Latin1.GetString(Encoding.UTF8.GetBytes(location))}\r\nContent-Length: 0\r\n\r\n";
}

public sealed class PlainRedirectTests() : RedirectTests(tls: false, overHandler: false)
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Where_the_guard_allows_it_a_redirect_may_lead_elsewhere(bool allowed)
    {
        // Not loopback by its name, but this machine all the same.
        await using var other = RawServer.Answering();
        await using var server = Answering(_ => $"HTTP/1.1 302 Found\r\nLocation: http://0.0.0.0:{other.Port}/\r\nContent-Length: 0\r\n\r\n");
        var plan = EngineRun.Plan(20, 0.1, EngineRun.Get(server.Url));
        var guard = new TargetGuard(allowed ? ["0.0.0.0"] : ["0.0.0.0:1"]);

        var run = await EngineRun.Of(plan, guard: guard);
        var tried = await SingleRequest.TryAsync(plan.Requests[0], plan.Http, "run-1", TestContext.Current.CancellationToken, guard);

        Assert.Equal(allowed ? (3, 2) : (0, 0), (other.Requests, run.Only.Ok));
        Assert.Equal(allowed ? RequestError.None : RequestError.RedirectRefused, tried.Error);
        Assert.Equal(allowed ? [server.Url, new($"http://0.0.0.0:{other.Port}/")] : [server.Url], tried.Urls);
    }

    [Fact]
    public async Task A_name_that_does_not_resolve_fails_the_request_that_was_redirected()
    {
        await using var server = Answering(_ => "HTTP/1.1 302 Found\r\nLocation: http://nonexistent.invalid/\r\nContent-Length: 0\r\n\r\n");

        var run = await EngineRun.Of(EngineRun.Plan(20, 0.1, EngineRun.Get(server.Url)), guard: new(["nonexistent.invalid"]));

        Assert.Equal([(RequestError.DnsFailed, 2L)], run.Only.Errors());
    }

    [Fact]
    public async Task Ever_new_ports_are_refused_in_the_end()
    {
        var port = 1;
        await using var server = Answering(_ => $"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:{Interlocked.Increment(ref port)}/\r\nContent-Length: 0\r\n\r\n");

        var run = await EngineRun.Of(EngineRun.Plan(1300, 0.1, EngineRun.Get(server.Url)), lanes: 1);

        Assert.Equal([(RequestError.ConnectRefused, 100L), (RequestError.RedirectRefused, 30L)], run.Only.Errors());
    }

    [Fact]
    public async Task A_slot_in_the_path_counts_for_what_a_location_is_relative_to()
    {
        var last = "";
        await using var server = Answering(head =>
        {
            last = head;
            return head.StartsWith("GET /shop/0/x ", StringComparison.Ordinal) ? "HTTP/1.1 302 Found\r\nLocation: y\r\nContent-Length: 0\r\n\r\n" : Ok();
        });
        var plan = Plans.Read(Plans.With("rate: 10/s, duration: 100ms", "get: '/shop/{{iteration}}/x'").Replace("http://127.0.0.1:5080", server.Url.GetLeftPart(UriPartial.Authority)));

        await RunAsync(plan);

        Assert.StartsWith("GET /shop/0/y ", last);
    }

    [Fact]
    public async Task A_kept_connection_that_turns_out_closed_is_no_failure_of_a_hop()
    {
        await using var other = new RawServer(async c =>
        {
            await c.ReadRequestAsync();
            await c.WriteAsync(Ok());
            // Closes without having said so, when the next request is on its way at the latest.
            await c.ReadRequestAsync();
        });
        await using var server = Answering(_ => $"HTTP/1.1 303 See Other\r\nLocation: {other.Url}\r\nContent-Length: 0\r\n\r\n");

        var run = await RunAsync(EngineRun.Plan(40, 0.1, EngineRun.Get(server.Url) with { Method = "POST" }));

        Assert.Equal(4, run.Only.Ok);
    }
}

public sealed class TlsRedirectTests() : RedirectTests(tls: true, overHandler: false);

public sealed class HandlerRedirectTests() : RedirectTests(tls: true, overHandler: true);
