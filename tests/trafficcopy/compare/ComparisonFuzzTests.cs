using System.Text;
using FsCheck;
using FsCheck.Fluent;

namespace Pressure.TrafficCopy.Tests;

public class ComparisonFuzzTests
{
    private static readonly CapturedMessage[] Seeds =
    [
        AnswerText.Json("""{"time":1,"items":[{"id":1,"name":"\u00e9\ud83d\ude00","price":1.5e3},{"id":2,"tags":["a","b",null,true]}],"17":{}}""", "Set-Cookie: a=b; Path=/; Secure", "ETag: x"),
        AnswerText.Of(200, AnswerText.Gzip("""[[1,[2,[3]]],{"a":{"b":{}}}]"""), "Content-Type: application/problem+json; charset=utf-8", "Content-Encoding: gzip"),
        AnswerText.Of("<html><body>Hello 世界</body></html>", "Content-Type: text/html", "Content-Encoding: identity"),
        AnswerText.Of("a=1&b=%20&c=%zz&a=2", "Content-Type: application/x-www-form-urlencoded"),
        AnswerText.Raw([0, 1, 2, 255]),
    ];

    private static readonly string[] Rules = ["$.time", "$.items[*].id", "$..name", "header:X-*", "cookie:a", "body~[a-c]+", "form:b"];

    [Fact]
    public void Nothing_that_answers_bring_breaks_the_comparison()
    {
        var comparison = new AnswerComparison(ComparisonRules.Read(Rules, out _));
        var book = new DifferenceBook(ComparedWith.PrimaryAndSecondary);
        var mutated =
            from seed in Gen.Elements(Seeds)
            from head in Mutated(seed.Head)
            from body in Mutated(seed.Body)
            from more in Gen.Elements(0, 0, 0, 1, 1_000_000)
            select new CapturedMessage(head, body, body.Length + more);
        Prop.ForAll(Arb.From(mutated), Arb.From(mutated), (one, two) =>
        {
            var (there, back) = (comparison.Compare(one, two), comparison.Compare(two, one));
            book.Add("GET /", "/", there, back);
            Assert.Equal(there.IsSame, back.IsSame);
            Assert.Empty(comparison.Compare(one, one).Found);
            Assert.All(there.Found, d => Assert.InRange(d.Field.Length, 1, Excerpt.LongestField));
            Assert.All(there.Found, d => Assert.True((d.Expected?.Length ?? 0) <= Excerpt.Longest && (d.Actual?.Length ?? 0) <= Excerpt.Longest));
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(3_000));

        var record = book.Snapshot();
        Assert.Equal(3_000, record.Compared);
        Assert.InRange(record.Same, 0, record.Compared);
    }

    [Fact]
    public void Rules_are_read_or_refused_whatever_they_are() =>
        Prop.ForAll(ArbMap.Default.ArbFor<string>(), Arb.From(Gen.Elements("", "$", "$.", "header:", "!header:", "body~", "$..", "cookie:")), (text, before) =>
        {
            ComparisonRules.Read([before + text], out var problems);
            Assert.InRange(problems.Count, 0, 1);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(2_000));

    /// <summary>Bytes flipped, taken out, doubled, and brackets put in.</summary>
    private static Gen<byte[]> Mutated(ReadOnlyMemory<byte> seed) =>
        from count in Gen.Choose(0, 4)
        from changes in Gen.Choose(0, int.MaxValue).ArrayOf(count * 3)
        select changes.Chunk(3).Aggregate(seed.ToArray(), Mutate);

    private static byte[] Mutate(byte[] bytes, int[] change)
    {
        var (at, length) = (change[1] % (bytes.Length + 1), Math.Min(change[2] % 20, bytes.Length - change[1] % (bytes.Length + 1)));
        return (change[0] % 4) switch
        {
            0 when at < bytes.Length => [.. bytes[..at], (byte)change[2], .. bytes[(at + 1)..]],
            1 => [.. bytes[..at], .. bytes[(at + length)..]],
            2 => [.. bytes[..at], .. bytes.AsSpan(at, length), .. bytes.AsSpan(at, length), .. bytes[(at + length)..]],
            _ => [.. bytes[..at], .. Encoding.UTF8.GetBytes("{[\"\\\r\n:,"[(change[2] % 8)..]), .. bytes[at..]],
        };
    }
}
