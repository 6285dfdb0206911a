using System.Collections.Concurrent;
using Pressure.Record;

namespace Pressure.LoadGen.Tests.Engine;

public class ExtractionTests
{
    private const string Answer = """{"data":{"token":"t k"},"ok":true,"id=9"}""";
    private const string Login =
        "HTTP/1.1 103 Early Hints\r\nLocation: /early\r\n\r\nHTTP/1.1 200 OK\r\nlocation: /next\r\nSet-Cookie: A=1; Path=/\r\nSet-Cookie: SID=s1; HttpOnly\r\nContent-Length: 41\r\n\r\n" + Answer;

    private const string Extracting = """
        scenarios:
          - steps:
              - post: /login
                extract: { token: { json: $.data.token }, id: { regex: 'id=(\d+)' }, loc: { header: Location }, sid: { cookie: SID } }
              - get: /x?t={{token}}&i={{id}}&l={{loc}}&s={{sid}}
              - get: /plain
        """;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Later_steps_use_what_earlier_responses_gave()
    {
        var heads = new ConcurrentBag<string>();
        await using var server = Answering(heads, Login);

        var run = await EngineRun.Of(Read(server.Url, "30/s", Extracting));

        Assert.Equal([10L, 10L, 10L], run.Total.Requests.Select(r => r.Ok));
        Assert.Equal(10, heads.Count(h => h.StartsWith("GET /x?t=t%20k&i=9&l=%2Fnext&s=s1 HTTP", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_missing_value_fails_the_request_and_those_that_need_it_are_not_sent()
    {
        await using var server = Answering([], RawServer.Ok);

        var run = await EngineRun.Of(Read(server.Url, "30/s", Extracting));

        Assert.Equal(10, run.Total.Requests[0].ErrorCount(RequestError.ExtractionFailed));
        Assert.Equal((10L, 10L, 0L), (run.Total.Requests[1].Asked, run.Total.Requests[1].NotSent, run.Total.Requests[1].Sent));
        Assert.Equal(10, run.Total.Requests[2].Ok);
    }

    [Fact]
    public async Task A_value_of_one_iteration_is_not_known_to_the_next()
    {
        var first = true;
        await using var server = new RawServer(async c =>
        {
            while (await c.ReadRequestAsync() is not null)
                await c.WriteAsync(Interlocked.Exchange(ref first, false) ? Login : RawServer.Ok);
        });

        var run = await EngineRun.Of(Read(server.Url, "6/s", Extracting), lanes: 1);

        Assert.Equal((1L, 1L), (run.Total.Requests[0].Ok, run.Total.Requests[1].Ok));
        Assert.Equal(1, run.Total.Requests[1].NotSent);
    }

    [Fact]
    public async Task Trying_a_scenario_once_hands_values_on_and_names_those_missing()
    {
        var heads = new ConcurrentBag<string>();
        await using var server = Answering(heads, Login);
        var plan = Read(server.Url, "1/s", Extracting);

        var tried = await SingleRequest.TryAllAsync(plan.Scenarios[0], plan.Http, "run-1", Cancel).ToListAsync(Cancel);

        Assert.All(tried, t => Assert.Equal(RequestError.None, t.Tried.Error));
        Assert.Contains(heads, h => h.StartsWith("GET /x?t=t%20k&i=9&l=%2Fnext&s=s1 HTTP", StringComparison.Ordinal));

        await using var other = Answering([], RawServer.Ok);
        plan = Read(other.Url, "1/s", Extracting);
        tried = await SingleRequest.TryAllAsync(plan.Scenarios[0], plan.Http, "run-1", Cancel).ToListAsync(Cancel);

        Assert.Equal([RequestError.ExtractionFailed, RequestError.ExtractionFailed, RequestError.None], tried.Select(t => t.Tried.Error));
        Assert.Contains("no value for token: nothing at $.data.token in the body's first 64 KiB", tried[0].Tried.FailedChecks);
    }

    [Theory]
    [InlineData("header: { Content-Type: JSON }, json: { $.ok: true, '$.list[1]': 2, $.name: tea }", true)]
    [InlineData("header: { content-type: xml }", false)]
    [InlineData("header: { X-None: a }", false)]
    [InlineData("json: { $.ok: 'true' }", false)]
    [InlineData("json: { $.none: ~ }", false)]
    [InlineData("body: tea, header: { Content-Type: json }, bodyMatches: 't.a', json: { $.name: tea }", true)]
    public async Task Headers_and_json_are_checked(string check, bool holds)
    {
        const string Body = """{"ok":true,"list":[1,2.0],"name":"tea"}""";
        await using var server = RawServer.Answering($"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {Body.Length}\r\n\r\n{Body}");

        var run = await EngineRun.Of(Read(server.Url, "5/s", $"scenarios: [ {{ steps: [ {{ get: /, check: {{ {check} }} }} ] }} ]"));

        Assert.Equal(holds ? (5L, 0L) : (0L, 5L), (run.Only.Ok, run.Only.ErrorCount(RequestError.CheckFailed)));
    }

    [Theory]
    [InlineData("extract: { a: { json: $..a } }", "extract.a.json", "not a path")]
    [InlineData("extract: { a: { json: $.a, header: b } }", "extract.a", "exactly one source")]
    [InlineData("extract: { a: { } }", "extract.a", "exactly one source")]
    [InlineData("extract: { 'a:b': { json: $.a } }", "extract.a:b", "not a name")]
    [InlineData("extract: { a: { xml: b } }", "extract.a.xml", "unknown key")]
    [InlineData("extract: { a: { regex: '(' } }", "extract.a.regex", "not a regular expression")]
    [InlineData("extract: x", "extract", "should be a map")]
    [InlineData("check: { json: { a: 1 } }", "check.json.a", "not a path")]
    [InlineData("check: { json: { $.a: [ 1 ] } }", "check.json.$.a", "single value")]
    [InlineData("check: { header: { A: '' } }", "check.header.A", "is empty")]
    [InlineData("headers: { A: '{{a}}' }, extract: { a: { json: $.a } }", "headers.A", "nothing is named 'a'")]
    public void What_can_not_be_is_told_at_its_place(string step, string field, string message)
    {
        var problem = Plans.OnlyProblem(Plans.With(step: $"get: /, {step}"));

        Assert.Equal($"scenarios[0].steps[0].{field}", problem.Field);
        Assert.Contains(message, problem.Message);
    }

    private static LoadPlan Read(Uri target, string rate, string scenarios) =>
        Plans.Read($"name: test\ntarget: {target}\nload: {{ rate: {rate}, duration: 1s }}\n{scenarios}");

    private static RawServer Answering(ConcurrentBag<string> heads, string login) => new(async c =>
    {
        while (await c.ReadRequestAsync() is { } head)
        {
            heads.Add(head);
            await c.WriteAsync(head.StartsWith("POST", StringComparison.Ordinal) ? login : RawServer.Ok);
        }
    });
}
