using Pressure.LoadGen.Tests.Engine;
using Pressure.Record;

namespace Pressure.LoadGen.Tests.Replay;

/// <summary>Redis in lock-step: replies are counted, since they may be longer or shorter than the captured ones.</summary>
public class RespReplayTests
{
    [Fact]
    public async Task A_reply_that_is_longer_or_shorter_than_the_captured_one_is_an_answer()
    {
        // As soon as the captured length has come a turn would be over if bytes were counted.
        var (run, replay) = await ReplayAsync(0.05, [["$3\r\n", "abc\r\n"], [":1\r\n"], ["+OK\r\n"]], (4, 1), (20, 1), (5, 1));

        Assert.Equal(3, run.Only.Ok);
        Assert.Equal(["$3\r\nabc\r\n", ":1\r\n", "+OK\r\n"], replay.Requests.Select(r => r.Answer!.Body));
    }

    [Fact]
    public async Task Silence_within_a_reply_is_not_its_end()
    {
        var (run, _) = await ReplayAsync(0.5, [["*2\r\n+a\r\n$2\r\n", "bc\r\n"], ["+OK\r\n"]], (30, 1), (5, 1));

        Assert.Equal(2, run.Only.Ok);
    }

    [Fact]
    public async Task Fewer_replies_than_captured_are_a_short_answer()
    {
        var (run, replay) = await ReplayAsync(0, [["+a\r\n"], ["+OK\r\n"]], (4, 2), (5, 1));

        Assert.Equal([RequestError.ShortAnswer, RequestError.None], replay.Requests.Select(r => r.Answer!.Error));
        Assert.Equal(1, run.Only.Ok);
    }

    [Fact]
    public async Task Where_something_else_comes_bytes_are_counted()
    {
        var (run, _) = await ReplayAsync(0, [["what?"], ["+OK\r\n"]], (5, 1), (5, 1));

        Assert.Equal(2, run.Only.Ok);
    }

    /// <summary>Replays commands of one client, with what was captured as the answer to each, against a server that has an answer for each, in pieces so many seconds apart.</summary>
    private static async Task<(ReplayRun Run, MemoryReplay Replay)> ReplayAsync(double apart, string[][] answers, params (int Bytes, int Replies)[] captured)
    {
        await using var server = new RawServer(async connection =>
        {
            foreach (var pieces in answers)
            {
                await connection.ReadBytesAsync(5);
                await connection.WriteAsync(pieces[0]);
                foreach (var piece in pieces[1..])
                {
                    await connection.DelayAsync(apart);
                    await connection.WriteAsync(piece);
                }
            }
        });
        var replay = new MemoryReplay([.. captured.Select((turn, i) => Command(turn.Bytes, turn.Replies, isLast: i == captured.Length - 1))]);
        return (await ReplayRun.Of(ReplayRun.Plan(new($"tcp://127.0.0.1:{server.Port}")), replay), replay);
    }

    private static MemoryRequest Command(int bytes, int replies, bool isLast) => new()
    {
        Client = 1,
        IsLast = isLast,
        AwaitedBytes = bytes,
        AwaitedReplies = replies,
        Text = _ => "*0\r\n\n",
        Wants = AnswerParts.Whole,
    };
}
