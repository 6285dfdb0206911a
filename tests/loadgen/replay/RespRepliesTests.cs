using System.Text;
using FsCheck;
using FsCheck.Fluent;

namespace Pressure.LoadGen.Tests;

public class RespRepliesTests
{
    [Theory]
    [InlineData("+OK\r\n", 1)]
    [InlineData("+OK\r\n-ERR no\r\n:12\r\n", 3)]
    [InlineData("$5\r\nhello\r\n", 1)]
    [InlineData("$4\r\n\r\n\r\n\r\n", 1)]
    [InlineData("$0\r\n\r\n$-1\r\n*-1\r\n*0\r\n", 4)]
    [InlineData("*2\r\n$1\r\na\r\n:1\r\n", 1)]
    [InlineData("*2\r\n*1\r\n+a\r\n*2\r\n:1\r\n*0\r\n+next\r\n", 2)]
    [InlineData("_\r\n,1.5\r\n#t\r\n(123456789012345678901234567890\r\n", 4)]
    [InlineData("%1\r\n+key\r\n*1\r\n:1\r\n~1\r\n+a\r\n>2\r\n+message\r\n+x\r\n", 3)]
    [InlineData("=7\r\ntxt:abc\r\n!3\r\nERR\r\n", 2)]
    [InlineData("|1\r\n+ttl\r\n:3600\r\n*2\r\n:1\r\n:2\r\n", 1)]
    public void Replies_are_counted(string bytes, int replies) => Assert.Equal(replies, RespReplies.Count(Encoding.Latin1.GetBytes(bytes)));

    [Theory]
    [InlineData("")]
    [InlineData("+OK")]
    [InlineData("+OK\r")]
    [InlineData("+OK\rx")]
    [InlineData("$5\r\nhell")]
    [InlineData("$5\r\nhello\r")]
    [InlineData("$\r\n")]
    [InlineData("$a\r\n")]
    [InlineData("*2\r\n+a\r\n")]
    [InlineData("*99999999999999999999\r\n")]
    [InlineData("STORED\r\n")]
    [InlineData("* OK IMAP4 ready\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\n\r\n")]
    public void What_is_no_whole_reply_has_no_count(string bytes) => Assert.Null(RespReplies.Count(Encoding.Latin1.GetBytes(bytes)));

    [Fact]
    public void Replies_within_replies_have_a_limit() =>
        Assert.Null(RespReplies.Count(Encoding.Latin1.GetBytes(string.Concat(Enumerable.Repeat("*1\r\n", 100)) + "+a\r\n")));

    [Fact]
    public void Where_they_are_cut_changes_nothing() => Prop.ForAll<int>(seed =>
    {
        var random = new Random(seed);
        var count = random.Next(1, 6);
        var bytes = Encoding.Latin1.GetBytes(string.Concat(Enumerable.Range(0, count).Select(_ => Reply(random, 0))));
        var replies = new RespReplies();
        for (var at = 0; at < bytes.Length;)
        {
            Assert.True(replies.Whole < count);
            var length = Math.Min(bytes.Length - at, random.Next(1, 9));
            replies.Take(bytes.AsSpan(at, length));
            at += length;
        }

        Assert.Equal((count, true), (replies.Whole, replies.IsBetween));
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(500));

    [Fact]
    public void Any_bytes_are_taken() => Prop.ForAll<byte[]>(bytes => RespReplies.Count(bytes) is null or > 0).Check(Config.QuickThrowOnFailure.WithMaxTest(2_000));

    private static string Reply(Random random, int depth) => random.Next(depth < 4 ? 8 : 5) switch
    {
        0 => "+simple\r\n",
        1 => $":{random.Next()}\r\n",
        2 => "$-1\r\n",
        3 or 4 => new string('\r', random.Next(30)) is var text ? $"${text.Length}\r\n{text}\r\n" : "",
        5 => "%1\r\n" + Reply(random, depth + 1) + Reply(random, depth + 1),
        6 => "|1\r\n" + Reply(random, depth + 1) + Reply(random, depth + 1) + Reply(random, depth + 1),
        _ => random.Next(4) is var n ? $"*{n}\r\n" + string.Concat(Enumerable.Range(0, n).Select(_ => Reply(random, depth + 1))) : "",
    };
}
