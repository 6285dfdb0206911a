using System.Text;
using FsCheck;
using FsCheck.Fluent;

namespace Pressure.Agent.Tests;

public sealed class NettraceReaderTests
{
    public static TheoryData<string> Names => [.. RecordedStream.All.Select(s => s.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_recorded_stream_tells_what_its_runtime_said(string name)
    {
        var stream = RecordedStream.All.Single(s => s.Name == name);

        var read = RecordedStream.Read(stream.Bytes);

        Assert.Null(read.Problem);
        Assert.True(read.Reader.AtEnd);
        Assert.Equal(0, read.Fold.Missed);
        Assert.Equal(Enumerable.Range(1, (int)stream.Says.Collections[0]), read.Collections.Select(c => (int)c.Number).Order());
        Assert.Equal(stream.Says.Collections[1], read.Collections.Count(c => c.Generation > 0));
        Assert.Equal(stream.Says.Collections[2], read.Collections.Count(c => c.Generation == 2));
        Assert.InRange(read.Paused / stream.Says.Paused, 0.98, 1.02);
        var last = read.Collections[^1];
        Assert.Equal((stream.Says.Heap, stream.Says.Committed), (last.Sizes!.Sum(), last.Committed));
    }

    [Fact]
    public void A_collection_has_the_runtimes_own_terms()
    {
        var collections = RecordedStream.Read(RecordedStream.Background.Bytes).Collections;

        Assert.Equal(
            ["1 Gen0 AllocSmall", "2 Gen1 Induced", "3 Gen2Background Induced", "4 Gen2Background InducedNotForced", "14 Gen2Background AllocLarge"],
            collections.Where(c => c.Number is <= 4 or 14).OrderBy(c => c.Number).Select(c => $"{c.Number} {DotnetTerms.Kind(c.Generation, c.Background)} {DotnetTerms.Reason(c.Reason)}"));
    }

    [Fact]
    public void It_does_not_matter_where_a_stream_is_cut_into_pieces() =>
        Check.One(
            Config.QuickThrowOnFailure,
            Prop.ForAll(Gen.Choose(1, 3000).NonEmptyListOf().Zip(Gen.Choose(0, 2)).ToArbitrary(), from =>
            {
                var (pieces, which) = from;
                var bytes = RecordedStream.All[which].Bytes;
                return RecordedStream.Read(bytes, [.. pieces]).Lines.SequenceEqual(RecordedStream.Read(bytes).Lines);
            }));

    [Fact]
    public void A_stream_that_breaks_off_has_told_what_it_told() =>
        Check.One(
            Config.QuickThrowOnFailure,
            Prop.ForAll(Gen.Choose(0, 19_000).ToArbitrary(), length =>
            {
                var whole = RecordedStream.Read(RecordedStream.Background.Bytes);
                var part = RecordedStream.Read(RecordedStream.Background.Bytes.AsSpan(0, length));
                return part.Problem is null && !part.Reader.AtEnd && part.Lines.All(whole.Lines.Contains);
            }));

    [Fact]
    public void Broken_bytes_end_the_reading_or_change_what_was_told_and_no_more() =>
        Check.One(
            Config.QuickThrowOnFailure.WithMaxTest(400),
            Prop.ForAll(
                Gen.Choose(0, 200_000).Zip(Gen.Choose(0, 255)).NonEmptyListOf().Zip(Gen.Choose(0, 2)).ToArbitrary(),
                from =>
                {
                    var (changes, which) = from;
                    var bytes = RecordedStream.All[which].Bytes;
                    foreach (var (at, value) in changes)
                        bytes[at % bytes.Length] = (byte)value;
                    // Anything but InvalidDataException comes through as a failure.
                    var read = RecordedStream.Read(bytes);
                    return read.LongestRoom <= 4 * NettraceReader.LongestBlock;
                }));

    [Fact]
    public void Arbitrary_bytes_are_no_stream() =>
        Check.One(Config.QuickThrowOnFailure, Prop.ForAll<byte[]>(bytes => bytes.Length < 32 || RecordedStream.Read(bytes).Problem is not null));

    [Theory]
    [InlineData("Nettrace", "Nettrabe", "does not begin as one")]
    [InlineData("!FastSerialization.1", "!FastSerialization.2", "does not begin as one")]
    [InlineData("\u0004\0\0\0\u0004\0\0\0\u0005\0\0\0Trace", "\u0005\0\0\0\u0005\0\0\0\u0005\0\0\0Trace", "needs a newer reader (5)")]
    [InlineData("\u0002\0\0\0\u0002\0\0\0\u000d\0\0\0MetadataBlock", "\u0003\0\0\0\u0003\0\0\0\u000d\0\0\0MetadataBlock", "MetadataBlock needs a newer reader (3)")]
    [InlineData("MetadataBlock\u0006", "MetadataBlock\u0007", "is broken: MetadataBlock")]
    public void What_is_no_stream_that_we_know_is_refused(string found, string replaced, string problem)
    {
        var text = Encoding.Latin1.GetString(RecordedStream.Background.Bytes);
        Assert.Contains(found, text);

        var read = RecordedStream.Read(Encoding.Latin1.GetBytes(text.Replace(found, replaced)));

        Assert.Contains(problem, read.Problem);
        Assert.Empty(read.Collections);
    }

    [Fact]
    public void A_block_longer_than_any_is_not_waited_for()
    {
        var text = Encoding.Latin1.GetString(RecordedStream.Background.Bytes);
        var block = text.IndexOf("EventBlock\u0006", StringComparison.Ordinal) + "EventBlock\u0006".Length;

        var read = RecordedStream.Read(Encoding.Latin1.GetBytes(text[..block] + "\0\0\0\u0010" + text[(block + 4)..]));

        Assert.Contains("is broken: EventBlock", read.Problem);
    }
}
