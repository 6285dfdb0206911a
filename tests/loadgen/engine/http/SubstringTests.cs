using FsCheck;
using FsCheck.Fluent;
using Pressure.LoadGen.Engine;

namespace Pressure.LoadGen.Tests.Engine.Http;

public class SubstringTests
{
    // Two letters make nearly every prefix of the text come up in the stream.
    private static readonly Gen<byte[]> Letters = Gen.Elements((byte)'a', (byte)'b').ArrayOf();

    [Fact]
    public void A_text_is_found_across_pieces_exactly_when_it_is_in_the_whole() =>
        Prop.ForAll(
            Letters.Where(t => t.Length is > 0 and < 6).ToArbitrary(),
            Letters.ArrayOf().ToArbitrary(),
            (text, pieces) =>
            {
                var search = new Substring(text);
                var matched = pieces.Aggregate(search.Start, (state, piece) => search.Next(state, piece));
                return matched == Substring.Found == pieces.SelectMany(p => p).ToArray().AsSpan().IndexOf(text) >= 0;
            }).Check(Config.QuickThrowOnFailure.WithMaxTest(5_000));

    [Fact]
    public void An_empty_text_is_in_every_body() => Assert.Equal(Substring.Found, new Substring([]).Start);
}
