using Pressure.LoadGen.Tests.Engine;
using Pressure.Record;

namespace Pressure.LoadGen.Tests.Replay;

/// <summary>Redis in lock-step: replies are counted, since they may be longer or shorter than the captured ones.</summary>
public class RespReplayTests
{
    [Fact]
    public async Task A_reply_that_is_longer_or_shorter_than_the_captured_one_is_an_answer()
    {
        await using var server = new RawServer(async c =>
        {
            await c.ReadBytesAsync(5);
            await c.WriteAsync("$3\r\n");
            // As soon as the captured length has come a turn would be over if bytes were counted.
            await c.DelayAsync(0.05);
            await c.WriteAsync("abc\r\n");
            await c.ReadBytesAsync(5);
            await c.WriteAsync(":1\r\n");
            await c.ReadBytesAsync(5);
            await c.WriteAsync("+OK\r\n");
        });
        var replay = new MemoryReplay(Command(4, 1), Command(20, 1), Command(5, 1, last: true));

        var run = await ReplayRun.Of(Plan(server), replay);

        Assert.Equal(3, run.Only.Ok);
        Assert.Equal(["$3\r\nabc\r\n", ":1\r\n", "+OK\r\n"], replay.Requests.Select(r => r.Answer!.Body));
    }

    [Fact]
    public async Task Silence_within_a_reply_is_not_its_end()
    {
        await using var server = new RawServer(async c =>
        {
            await c.ReadBytesAsync(5);
            await c.WriteAsync("*2\r\n+a\r\n$2\r\n");
            await c.DelayAsync(0.5);
            await c.WriteAsync("bc\r\n");
            await c.ReadBytesAsync(5);
            await c.WriteAsync("+OK\r\n");
        });
        var replay = new MemoryReplay(Command(30, 1), Command(5, 1, last: true));

        var run = await ReplayRun.Of(Plan(server), replay);

        Assert.Equal(2, run.Only.Ok);
    }

    [Fact]
    public async Task Fewer_replies_than_captured_are_a_short_answer()
    {
        await using var server = new RawServer(async c =>
        {
            await c.ReadBytesAsync(5);
            await c.WriteAsync("+a\r\n");
            await c.ReadBytesAsync(5);
            await c.WriteAsync("+OK\r\n");
        });
        var replay = new MemoryReplay(Command(4, 2), Command(5, 1, last: true));

        var run = await ReplayRun.Of(Plan(server), replay);

        Assert.Equal([RequestError.ShortAnswer, RequestError.None], replay.Requests.Select(r => r.Answer!.Error));
        Assert.Equal(1, run.Only.Ok);
    }

    [Fact]
    public async Task Where_something_else_comes_bytes_are_counted()
    {
        await using var server = new RawServer(async c =>
        {
            await c.ReadBytesAsync(5);
            await c.WriteAsync("what?");
            await c.ReadBytesAsync(5);
            await c.WriteAsync("+OK\r\n");
        });
        var replay = new MemoryReplay(Command(5, 1), Command(5, 1, last: true));

        var run = await ReplayRun.Of(Plan(server), replay);

        Assert.Equal(2, run.Only.Ok);
    }

    private static LoadPlan Plan(RawServer server) => ReplayRun.Plan(new($"tcp://127.0.0.1:{server.Port}"));

    private static MemoryRequest Command(int bytes, int replies, bool last = false) => new()
    {
        Client = 1,
        IsLast = last,
        AwaitedBytes = bytes,
        AwaitedReplies = replies,
        Text = _ => "*0\r\n\n",
        Wants = AnswerParts.Whole,
    };
}
