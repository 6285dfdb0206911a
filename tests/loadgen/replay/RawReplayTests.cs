using Pressure.LoadGen.Tests.Engine;
using Pressure.Record;
using Pressure.TestKit;

namespace Pressure.LoadGen.Tests.Replay;

/// <summary>Raw TCP in lock-step: the next turn goes out when the answer to the last one has come.</summary>
public abstract class RawReplayTests(bool tls)
{
    // For servers that say more, or close, after what may be a pause on a busy machine.
    private static readonly TimeSpan Patient = TimeSpan.FromSeconds(20);

    // A handshake counts too, and may take seconds on a busy machine.
    private TimeSpan Impatient => TimeSpan.FromSeconds(tls ? 5 : 1);

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public async Task Turns_wait_for_their_answers_and_stay_on_one_connection(int lanes)
    {
        await using var server = Serving(async c =>
        {
            // What a client says ends with a line; the answer to n is n bytes.
            for (var expected = 1; ; expected++)
            {
                var line = await ReadLineAsync(c);
                if (line is "bye")
                    return;
                Assert.Equal($"{expected}", line);
                await c.DelayAsync(0.01);
                await c.WriteAsync(new string('a', expected));
            }
        });
        var replay = new MemoryReplay([.. from c in Enumerable.Range(0, 5) from n in Enumerable.Range(1, 6) select n == 6 ? MemoryRequest.Turn(c, n, "bye\n", 0, last: true) : Whole(c, n, $"{n}\n", n)]);

        var run = await ReplayRun.Of(Plan(server), replay, lanes);

        Assert.Equal(30, run.Only.Ok);
        Assert.Equal(5, server.Connections);
        Assert.All(replay.Requests, r => Assert.Equal(r.AwaitedBytes!.Value, r.Answer!.Body.Length));
        Assert.All(replay.Requests, r => Assert.Equal((0, ""), (r.Answer!.Status, r.Answer.Head)));
        Assert.Equal(5 * (1 + 2 + 3 + 4 + 5), run.Only.BytesReceived);
        Assert.Equal(5 * (2 + 2 + 2 + 2 + 2 + 4), run.Only.BytesSent);
        Assert.Empty(run.Only.Statuses());
    }

    [Fact]
    public async Task The_server_may_speak_first_and_last()
    {
        await using var server = Serving(async c =>
        {
            await c.WriteAsync("welcome");
            Assert.Equal("hello", await ReadLineAsync(c));
            await c.WriteAsync("bye");
        });
        var replay = new MemoryReplay(Whole(1, 0, "", 7), Whole(1, 0, "hello\n", 3, last: true));

        var run = await ReplayRun.Of(Plan(server), replay);

        Assert.Equal(2, run.Only.Ok);
        Assert.Equal(["welcome", "bye"], replay.Requests.Select(r => r.Answer!.Body));
    }

    [Fact]
    public async Task An_answer_in_pieces_is_one()
    {
        await using var server = Serving(async c =>
        {
            await ReadLineAsync(c);
            for (var i = 0; i < 5; i++)
            {
                await c.WriteAsync("ab");
                await c.DelayAsync(0.05);
            }

            await ReadLineAsync(c);
        });
        var request = Whole(1, 0, "x\n", 10);

        var run = await ReplayRun.Of(Plan(server), new MemoryReplay(request), quiet: Patient);

        Assert.Equal(1, run.Only.Ok);
        Assert.Equal("ababababab", request.Answer!.Body);
    }

    [Fact]
    public async Task A_shorter_answer_ends_with_silence_and_the_conversation_goes_on()
    {
        await using var server = Serving(async c =>
        {
            await ReadLineAsync(c);
            await c.WriteAsync("abc");
            await ReadLineAsync(c);
            await c.WriteAsync("ok");
        });
        var replay = new MemoryReplay(Whole(1, 0, "x\n", 10), Whole(1, 0, "y\n", 2, last: true));

        var run = await ReplayRun.Of(Plan(server), replay);

        Assert.Equal([RequestError.ShortAnswer, RequestError.None], replay.Requests.Select(r => r.Answer!.Error));
        Assert.Equal(["abc", "ok"], replay.Requests.Select(r => r.Answer!.Body));
        Assert.Equal(1, server.Connections);
        // The silence is not the server's time: it is seen between the first one's end and the second one's begin.
        var silence = replay.Requests[1].Answer!.SentAt - replay.Requests[0].Answer!.EndedAt;
        Assert.InRange(silence.TotalMilliseconds, 199, 60_000);
    }

    [Fact]
    public async Task A_longer_answer_is_enough_and_what_comes_of_it_between_turns_is_thrown_away()
    {
        var (first, read) = (Whole(1, 0, "x\n", 5), 0L);
        await using var server = Serving(async c =>
        {
            await ReadLineAsync(c);
            await c.WriteAsync("longer than");
            await Eventually.Holds(() => first.Answer is not null);
            await c.WriteAsync("awaited");
            await ReadLineAsync(c);
            await c.WriteAsync("ok");
        });
        // The second turn's time comes when the engine has told that it has read all of it.
        var replay = new MemoryReplay(first, Whole(1, 400, "y\n", 2, last: true)) { Knows = r => r == first || Interlocked.Read(ref read) == "longer thanawaited".Length };

        var run = await ReplayRun.Of(Plan(server), replay, onSecond: s => Interlocked.Add(ref read, s.Interval.Requests[0].BytesReceived));

        Assert.Equal(2, run.Only.Ok);
        Assert.Equal(["longer than", "ok"], replay.Requests.Select(r => r.Answer!.Body));
        Assert.Equal("longer thanawaitedok".Length, run.Only.BytesReceived);
    }

    [Fact]
    public async Task When_the_connection_breaks_the_rest_of_the_conversation_is_not_sent()
    {
        await using var server = Serving(async c =>
        {
            await ReadLineAsync(c);
            await c.WriteAsync("abc");
        });
        // The first client's rest is due at once, the second one's when it has long been over.
        var replay = new MemoryReplay(
            Whole(1, 0, "x\n", 10), Whole(1, 1, "y\n", 2), Whole(1, 2, "z\n", 2, last: true),
            Whole(2, 3, "x\n", 3), Whole(2, 500, "y\n", 2), Whole(2, 900, "z\n", 2, last: true), Whole(3, 1000, "x\n", 3, last: true));

        var run = await ReplayRun.Of(Plan(server), replay, quiet: Patient);

        Assert.Equal((3, 4, 2), (run.Only.Sent, run.Only.NotSent, run.Only.Ok));
        Assert.Equal(1, run.Only.ErrorCount(RequestError.ResponseTruncated));
        Assert.Equal([1L, 1, 2, 2], replay.Dropped.Select(r => r.Client));
        Assert.Equal(3, server.Connections);
    }

    [Fact]
    public async Task A_connection_that_ends_with_all_that_was_awaited_is_no_failure()
    {
        await using var server = Serving(async c =>
        {
            await ReadLineAsync(c);
            await c.WriteAsync("0123456789");
        });

        var run = await ReplayRun.Of(Plan(server), new MemoryReplay(Whole(1, 0, "QUIT\n", 10, last: true)));

        Assert.Equal(1, run.Only.Ok);
    }

    [Fact]
    public async Task Silence_is_a_timeout_and_a_refusal_a_refusal()
    {
        await using var server = Serving(async c => await c.DelayAsync(60));
        var plan = Plan(server);
        var silent = await ReplayRun.Of(plan with { Http = plan.Http with { Timeout = Impatient } }, new MemoryReplay(Whole(1, 0, "x\n", 1), Whole(1, 1, "y\n", 1)));
        using var gone = new HeldPort();
        var refused = await ReplayRun.Of(Plan(gone.Number), new MemoryReplay(Whole(1, 0, "x\n", 1)));

        Assert.Equal((1, 1, 1), (silent.Only.Sent, silent.Only.NotSent, silent.Only.ErrorCount(RequestError.ResponseTimeout)));
        Assert.Equal(1, refused.Only.ErrorCount(RequestError.ConnectRefused));
    }

    [Fact]
    public async Task Large_turns_in_both_directions_come_through()
    {
        const int Size = 3_000_000;
        await using var server = Serving(async c =>
        {
            for (var read = 0; read < Size; read += 50_000)
                await c.ReadBytesAsync(50_000);
            await c.WriteAsync(new string('b', Size));
            await ReadLineAsync(c);
        });
        var replay = new MemoryReplay(MemoryRequest.Turn(1, 0, new string('a', Size), Size), MemoryRequest.Turn(1, 0, "bye\n", 0, last: true));

        var run = await ReplayRun.Of(Plan(server), replay, quiet: Patient);

        Assert.Equal(2, run.Only.Ok);
        Assert.Equal((Size + 4, Size), (run.Only.BytesSent, run.Only.BytesReceived));
    }

    [Fact]
    public async Task Clients_in_a_conversation_do_not_make_room()
    {
        await using var server = Serving(async c =>
        {
            while (await ReadLineAsync(c) is not "bye")
                await c.WriteAsync("ok");
        });
        // Two places; the third client comes while both are taken, and gets one when the first is done.
        var replay = new MemoryReplay(
            Whole(1, 0, "x\n", 2), Whole(2, 0, "x\n", 2), Whole(3, 100, "x\n", 2), Whole(1, 500, "bye\n", 0, last: true), Whole(2, 510, "y\n", 2), Whole(3, 600, "bye\n", 0, last: true));
        var plan = Plan(server);

        var run = await ReplayRun.Of(plan with { Http = plan.Http with { MaxConnections = 2 } }, replay, lanes: 1);

        Assert.Equal(6, run.Only.Ok);
        Assert.Empty(replay.RoomMade);
        Assert.Equal(3, server.Connections);
    }

    [Fact]
    public async Task A_turn_that_finds_no_place_ends_its_conversation()
    {
        await using var server = Serving(async c =>
        {
            await ReadLineAsync(c);
            await c.WriteAsync("ok");
            await ReadLineAsync(c);
        });
        // The first client keeps the only place until the second one's turn has been given back.
        var later = (Impatient * 1.1).TotalMilliseconds;
        MemoryReplay? replay = null;
        replay = new MemoryReplay(Whole(1, 0, "x\n", 2), Whole(2, 100, "x\n", 2), Whole(1, later, "bye\n", 0, last: true), Whole(2, later, "y\n", 0, last: true))
        {
            Knows = r => r.Due < Impatient || replay!.Dropped.Count > 0,
        };
        var plan = Plan(server);

        var run = await ReplayRun.Of(plan with { Http = plan.Http with { MaxConnections = 1, Timeout = Impatient } }, replay, lanes: 1);

        Assert.Equal((2, 2), (run.Only.Ok, run.Only.NotSent));
        Assert.Equal([2L, 2], replay.Dropped.Select(r => r.Client));
    }

    private LoadPlan Plan(RawServer server) => Plan(server.Port);

    private LoadPlan Plan(int port) => ReplayRun.Plan(new($"{(tls ? "tls" : "tcp")}://127.0.0.1:{port}"));

    private RawServer Serving(Func<RawConnection, Task> serve) => new(serve, tls: tls);

    private static MemoryRequest Whole(long client, double due, string text, int awaited, bool last = false) => new()
    {
        Client = client,
        Due = MemoryRequest.Milliseconds(due),
        IsLast = last,
        AwaitedBytes = awaited,
        Text = _ => text,
        Wants = AnswerParts.Whole,
    };

    private static async Task<string> ReadLineAsync(RawConnection connection)
    {
        var line = "";
        while (true)
        {
            var next = (char)(await connection.ReadBytesAsync(1))[0];
            if (next == '\n')
                return line;
            line += next;
        }
    }
}

public sealed class PlainRawReplayTests() : RawReplayTests(tls: false);

public sealed class TlsRawReplayTests() : RawReplayTests(tls: true);
