using System.Diagnostics.CodeAnalysis;
using FsCheck;
using FsCheck.Fluent;
using Pressure.LoadGen.Engine;

namespace Pressure.LoadGen.Tests.Engine.Http;

[SuppressMessage("Security", "CA5394:Do not use insecure randomness", Justification = "Test data.")]
public class ResponseParserTests
{
    private const string Chunked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";

    public static readonly TheoryData<string, int, bool> Complete = new()
    {
        { "HTTP/1.1 200 OK\r\nContent-Length: 13\r\n\r\nab<needle>cde", 200, true },
        { "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", 200, true },
        { "HTTP/1.1 200\r\nContent-Length: 0\r\n\r\n", 200, true },
        { "HTTP/1.1 299 \r\nContent-Length: 0\r\n\r\n", 299, true },
        { "HTTP/1.1 200 OK\nContent-Length: 2\n\nok", 200, true },
        { "HTTP/1.1 200 OK\r\nCONTENT-LENGTH:2\r\ncontent-length: 2 , 2\r\n\r\nok", 200, true },
        { "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: keep-alive, Close\r\n\r\nok", 200, false },
        { "HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nok", 200, false },
        { "HTTP/1.0 200 OK\r\nContent-Length: 2\r\nConnection: Keep-Alive\r\n\r\nok", 200, true },
        { "HTTP/1.1 200 OK\r\n\r\nuntil the end <needle>", 200, false },
        { "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\nuntil the end", 200, false },
        { "HTTP/1.1 204 No Content\r\n\r\n", 204, true },
        { "HTTP/1.1 304 Not Modified\r\nContent-Length: 99\r\n\r\n", 304, true },
        { "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\nHTTP/1.1 201 Created\r\nContent-Length: 1\r\n\r\nx", 201, true },
        { Chunked + "5\r\nhello\r\n0\r\n\r\n", 200, true },
        { Chunked + "4;a=b;c=\"d\"\r\n<nee\r\n00004 ; x\r\ndle>\r\n000\r\nTrailer: x\r\nContent-Length: 9\r\n\r\n", 200, true },
        { Chunked + "A\r\n0123456789\r\na\r\n0123456789\r\n0;last\r\n\r\n", 200, true },
        { "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n1\r\nx\r\n0\r\n\r\n", 200, true },
        { "HTTP/1.1 200 OK\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n0\r\n\r\n", 200, false },
        { "HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n0\r\n\r\n", 200, false },
        { "HTTP/1.1 200 OK\r\nX-Folded: a\r\n  b\r\n\tc\r\nContent-Length: 0\r\n\r\n", 200, true },
        { "HTTP/1.1 200 \xe9\xff\r\nX: \xe9\xff\r\nEmpty:\r\nContent-Length: 0\r\n\r\n", 200, true },
        { "HTTP/1.1 999 Odd\r\nContent-Length: 0\r\n\r\n", 999, true },
    };

    public static readonly TheoryData<string> Malformed =
    [
        "SSH-2.0-OpenSSH_9.2p1 Debian-2\r\n",
        "H\0",
        "<html></html>",
        "\r\nHTTP/1.1 200 OK\r\n\r\n",
        "HTTP/2.0 200 OK\r\n\r\n",
        "HTTP/1.1 20 OK\r\n\r\n",
        "HTTP/1.1 2000 OK\r\n\r\n",
        "HTTP/1.1 099 OK\r\n\r\n",
        "HTTP/1.1  200 OK\r\n\r\n",
        "HTTP/1.1 200 O\rK\r\n\r\n",
        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n",
        "HTTP/1.1 200 OK\r\n folded at once\r\n\r\n",
        "HTTP/1.1 200 OK\r\nNo colon\r\n\r\n",
        "HTTP/1.1 200 OK\r\n: no name\r\n\r\n",
        "HTTP/1.1 200 OK\r\nSpace before : colon\r\n\r\n",
        "HTTP/1.1 200 OK\r\nX: nul \0\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length:\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: +1\r\n\r\nx",
        "HTTP/1.1 200 OK\r\nContent-Length: 0x1\r\n\r\nx",
        "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nxx",
        "HTTP/1.1 200 OK\r\nContent-Length: 99999999999999999999\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 1\r\n 2\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked, chunked\r\n\r\n",
        Chunked + "\r\n",
        Chunked + "g\r\n",
        Chunked + "-1\r\n",
        Chunked + "1 x\r\na\r\n",
        Chunked + "1\r\nab\r\n",
        Chunked + "ffffffffffffffffff\r\n",
        Chunked + "0\r\nno colon\r\n\r\n",
    ];

    public static readonly TheoryData<string> Incomplete =
    [
        "",
        "HTT",
        "HTTP/1.1 200 OK\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nok",
        "HTTP/1.1 100 Continue\r\n\r\n",
        Chunked + "5\r\nhello\r\n",
        Chunked + "5\r\nhello\r\n0\r\n",
    ];

    [Theory]
    [MemberData(nameof(Complete))]
    public void A_valid_response_is_read_to_its_end(string text, int status, bool persists)
    {
        var run = ParserRun.Of(text);

        Assert.Equal((ParseOutcome.Complete, status, persists), (run.Outcome, run.Status, run.Persists));
        Assert.Equal(text.Length, run.Consumed);
    }

    [Theory]
    [MemberData(nameof(Malformed))]
    public void What_is_not_http_is_malformed(string text) => Assert.Equal(ParseOutcome.Malformed, ParserRun.Of(text).Outcome);

    [Theory]
    [MemberData(nameof(Incomplete))]
    public void A_response_cut_short_is_not_complete(string text) => Assert.Equal(ParseOutcome.NeedMore, ParserRun.Of(text).Outcome);

    [Fact]
    public void An_answer_to_head_has_no_body()
    {
        Assert.Equal(ParseOutcome.Complete, ParserRun.Of("HTTP/1.1 200 OK\r\nContent-Length: 7\r\n\r\n", head: true).Outcome);
        Assert.Equal(ParseOutcome.Complete, ParserRun.Of(Chunked, head: true).Outcome);
    }

    [Fact]
    public void Bytes_after_the_response_are_left_over()
    {
        const string Whole = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

        Assert.Equal(Whole.Length, ParserRun.Of(Whole + "HTTP/1.1 200 OK").Consumed);
    }

    [Fact]
    public void Headers_beyond_the_limits_are_too_large()
    {
        var many = string.Concat(Enumerable.Range(0, 201).Select(i => $"X-{i}: y\r\n"));
        var inTrailers = string.Concat(Enumerable.Range(0, 200).Select(i => $"X-{i}: y\r\n"));

        Assert.Equal(ParseOutcome.HeadersTooLarge, ParserRun.Of($"HTTP/1.1 200 OK\r\n{many}\r\n").Outcome);
        Assert.Equal(ParseOutcome.HeadersTooLarge, ParserRun.Of($"{Chunked}0\r\n{inTrailers}\r\n").Outcome);
        Assert.Equal(ParseOutcome.HeadersTooLarge, ParserRun.Of($"HTTP/1.1 200 OK\r\nX: {new string('y', 65_536)}").Outcome);
        Assert.Equal(ParseOutcome.HeadersTooLarge, ParserRun.Of($"HTTP/1.1 200 OK\r\nX: a\r\n{string.Concat(Enumerable.Repeat(" fold\r\n", 10_000))}").Outcome);
        Assert.Equal(ParseOutcome.Malformed, ParserRun.Of($"{Chunked}1;{new string('y', 4_096)}").Outcome);
        Assert.Equal(ParseOutcome.Malformed, ParserRun.Of(string.Concat(Enumerable.Repeat("HTTP/1.1 100 Continue\r\n\r\n", 40))).Outcome);
    }

    [Fact]
    public void Limits_hold_for_lines_that_come_in_pieces()
    {
        var endless = $"HTTP/1.1 200 OK\r\nX: {new string('y', 70_000)}";
        var endlessChunk = $"{Chunked}1;{new string('y', 5_000)}";

        Assert.Equal(ParseOutcome.HeadersTooLarge, ParserRun.Of(endless, false, [.. Enumerable.Range(0, 70).Select(i => i * 1_000)]).Outcome);
        Assert.Equal(ParseOutcome.Malformed, ParserRun.Of(endlessChunk, false, [.. Enumerable.Range(0, 50).Select(i => i * 100)]).Outcome);
    }

    [Fact]
    public void A_body_is_seen_whole_and_without_its_framing()
    {
        Assert.True(ParserRun.Of(Chunked + "3\r\n<ne\r\n1;x\r\ne\r\n4\r\ndle>\r\n0\r\n\r\n").BodyHasMark);
        Assert.False(ParserRun.Of(Chunked + "1\r\nx\r\n0;<needle>\r\nX: <needle>\r\n\r\n").BodyHasMark);
    }

    [Theory]
    [MemberData(nameof(Complete))]
    public void Where_a_response_is_cut_changes_nothing(string text, int status, bool persists)
    {
        var whole = ParserRun.Of(text);
        Assert.Equal((status, persists), (whole.Status, whole.Persists));

        for (var first = 0; first <= text.Length; first++)
        {
            for (var second = first; second <= text.Length; second++)
                Assert.Equal(whole, ParserRun.Of(text, false, first, second));
        }

        Assert.Equal(whole, ParserRun.Of(text, false, [.. Enumerable.Range(0, text.Length)]));
    }

    [Theory]
    [MemberData(nameof(Malformed))]
    [MemberData(nameof(Incomplete))]
    public void Where_a_broken_response_is_cut_changes_nothing(string text) =>
        Assert.Equal(ParserRun.Of(text), ParserRun.Of(text, false, [.. Enumerable.Range(0, text.Length)]));

    [Fact]
    public void Mutated_responses_have_one_outcome_however_they_are_cut() =>
        Prop.ForAll<int>(seed =>
        {
            var random = new Random(seed);
            var bytes = Mutate(random);
            var cuts = Enumerable.Range(0, random.Next(6)).Select(_ => random.Next(bytes.Length + 1)).Order().ToArray();
            return ParserRun.Of(bytes, false) == ParserRun.Of(bytes, false, cuts);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(5_000));

    [Fact]
    public void Any_bytes_are_taken_without_a_failure() =>
        Prop.ForAll<byte[]>(bytes => Enum.IsDefined(ParserRun.Of(bytes, false).Outcome)).QuickCheckThrowOnFailure();

    private static byte[] Mutate(Random random)
    {
        var corpus = Complete.Select(row => row.Data.Item1).ToList();
        var bytes = corpus[random.Next(corpus.Count)].Select(c => (byte)c).ToList();
        for (var edits = random.Next(4); edits > 0; edits--)
        {
            var at = random.Next(bytes.Count);
            switch (random.Next(3))
            {
                case 0:
                    bytes[at] = "\r\n:; 0a\0"u8[random.Next(8)];
                    break;
                case 1:
                    bytes.Insert(at, (byte)random.Next(256));
                    break;
                default:
                    bytes.RemoveAt(at);
                    break;
            }
        }

        return [.. bytes];
    }
}
