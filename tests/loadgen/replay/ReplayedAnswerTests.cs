using Pressure.Record;

namespace Pressure.LoadGen.Tests.Replay;

/// <summary>What of an answer a replayed request is told.</summary>
public class ReplayedAnswerTests
{
    private const int Limit = 256 * 1024;
    private const string Chunked = "HTTP/1.1 100 Continue\r\nX-Interim: 1\r\n\r\nHTTP/1.1 200 Fine  so\r\nTransfer-Encoding: chunked\r\nSet-Cookie:  a=1; Path=/ \r\nset-cookie: b=2\r\n\r\n3\r\nabc\r\n2;x=y\r\nde\r\n0\r\nX-Trailer: 1\r\n\r\n";

    [Theory]
    [InlineData(AnswerParts.None, "", "", 0)]
    [InlineData(AnswerParts.Head, "HTTP/1.1 200 Fine  so\r\nTransfer-Encoding: chunked\r\nSet-Cookie: a=1; Path=/\r\nset-cookie: b=2\r\n", "", 5)]
    [InlineData(AnswerParts.Whole, "HTTP/1.1 200 Fine  so\r\nTransfer-Encoding: chunked\r\nSet-Cookie: a=1; Path=/\r\nset-cookie: b=2\r\n", "abcde", 5)]
    public async Task The_final_answers_head_and_its_body_without_chunks_as_far_as_they_are_wanted(AnswerParts wanted, string head, string body, long length)
    {
        await using var server = new SessionServer(_ => Chunked);
        var request = Wanting(wanted, "/");

        await ReplayRun.Of(ReplayRun.Plan(server.Url), new MemoryReplay(request));

        Assert.Equal((head, body, length, 200), (request.Answer!.Head, request.Answer.Body, request.Answer.BodyLength, request.Answer.Status));
    }

    [Fact]
    public async Task Of_a_long_body_the_start_and_how_long_it_was_and_nothing_of_it_in_the_next_answer()
    {
        await using var server = new SessionServer(path => path == "/long" ? Answer(new string('x', Limit) + "yz") : Answer("short"));
        var (first, second) = (Wanting(AnswerParts.Whole, "/long"), Wanting(AnswerParts.Whole, "/"));

        await ReplayRun.Of(ReplayRun.Plan(server.Url), new MemoryReplay(first, second));

        Assert.Equal((new string('x', Limit), Limit + 2L), (first.Answer!.Body, first.Answer.BodyLength));
        Assert.Equal("short", second.Answer!.Body);
    }

    [Fact]
    public async Task Many_long_bodies_at_once_are_not_all_kept()
    {
        // 300 clients, each with all but the last byte of 256 KiB, until all are there.
        const int Clients = 300;
        using var all = new CountdownEvent(Clients);
        await using var server = new Engine.RawServer(async c =>
        {
            await c.ReadRequestAsync();
            await c.WriteAsync(Answer(new string('x', Limit))[..^1]);
            all.Signal();
            while (!all.IsSet)
                await c.DelayAsync(0.01);
            // Sent is not yet read, on a machine that has other things to do.
            await c.DelayAsync(1);
            await c.WriteAsync("x");
            await c.ReadRequestAsync();
        });
        var replay = new MemoryReplay([.. Enumerable.Range(0, Clients).Select(i => Wanting(AnswerParts.Whole, "/", client: i))]);

        var run = await ReplayRun.Of(ReplayRun.Plan(server.Url), replay, lanes: 1);

        Assert.Equal(Clients, run.Only.Ok);
        Assert.All(replay.Requests, r => Assert.Equal(Limit, r.Answer!.BodyLength));
        Assert.InRange(replay.Requests.Count(r => r.Answer!.Body.Length == Limit), 200, Clients - 1);
    }

    [Fact]
    public async Task A_broken_answer_tells_what_came_of_it()
    {
        await using var server = new Engine.RawServer(async c =>
        {
            await c.ReadRequestAsync();
            await c.WriteAsync("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc");
        });
        var request = Wanting(AnswerParts.Whole, "/");

        await ReplayRun.Of(ReplayRun.Plan(server.Url), new MemoryReplay(request));

        Assert.Equal((RequestError.ResponseTruncated, "abc", 0), (request.Answer!.Error, request.Answer.Body, request.Answer.Status));
    }

    [Fact]
    public async Task Each_request_has_trace_ids_of_its_own()
    {
        var seen = new List<string>();
        await using var server = new SessionServer();
        var requests = Enumerable.Range(0, 5).Select(_ => new MemoryRequest { Client = 1, Text = trace => Note(trace) }).ToList();

        await ReplayRun.Of(ReplayRun.Plan(server.Url), new MemoryReplay(requests));

        Assert.Equal(5, seen.Distinct().Count());
        Assert.All(seen, trace => Assert.Matches("^00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-01$", trace));

        string Note(string trace)
        {
            seen.Add(trace);
            return "GET / HTTP/1.1\r\n\r\n";
        }
    }

    private static string Answer(string body) => $"HTTP/1.1 200 OK\r\nContent-Length: {body.Length}\r\n\r\n{body}";

    private static MemoryRequest Wanting(AnswerParts wanted, string path, long client = 1) => new() { Client = client, Text = _ => $"GET {path} HTTP/1.1\r\n\r\n", Wants = wanted };
}
