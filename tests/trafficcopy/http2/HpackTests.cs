using System.Text;

namespace Pressure.TrafficCopy.Tests;

/// <summary>The examples of RFC 7541, appendix C.</summary>
public class HpackTests
{
    [Theory]
    [InlineData("828684410f7777772e6578616d706c652e636f6d", "828684be58086e6f2d6361636865", "828785bf400a637573746f6d2d6b65790c637573746f6d2d76616c7565")]
    [InlineData("828684418cf1e3c2e5f23a6ba0ab90f4ff", "828684be5886a8eb10649cbf", "828785bf408825a849e95ba97d7f8925a849e95bb8e8b4bf")]
    public void Requests_with_and_without_Huffman_code_are_decoded(params string[] blocks)
    {
        var decoder = new HpackDecoder();

        var texts = blocks.Select(b => Text(decoder.Decode(Convert.FromHexString(b)))).ToList();

        Assert.Equal(
        [
            ":method: GET, :scheme: http, :path: /, :authority: www.example.com",
            ":method: GET, :scheme: http, :path: /, :authority: www.example.com, cache-control: no-cache",
            ":method: GET, :scheme: https, :path: /index.html, :authority: www.example.com, custom-key: custom-value",
        ],
        texts);
    }

    [Fact]
    public void The_oldest_fields_go_when_the_table_is_full()
    {
        var decoder = new HpackDecoder();
        // The table is made as small as in the RFC's example: 256.
        decoder.Decode(Convert.FromHexString("3fe101"));

        Assert.Equal(
            ":status: 302, cache-control: private, date: Mon, 21 Oct 2013 20:13:21 GMT, location: https://www.example.com",
            Text(decoder.Decode(Convert.FromHexString("488264025885aec3771a4b6196d07abe941054d444a8200595040b8166e082a62d1bff6e919d29ad171863c78f0b97c8e9ae82ae43d3"))));
        Assert.Equal(
            ":status: 307, cache-control: private, date: Mon, 21 Oct 2013 20:13:21 GMT, location: https://www.example.com",
            Text(decoder.Decode(Convert.FromHexString("4883640effc1c0bf"))));
        Assert.Equal(
            ":status: 200, cache-control: private, date: Mon, 21 Oct 2013 20:13:22 GMT, location: https://www.example.com, content-encoding: gzip, "
            + "set-cookie: foo=ASDJKHQKBZXOQWEOPIUAXQWEOIU; max-age=3600; version=1",
            Text(decoder.Decode(Convert.FromHexString(
                "88c16196d07abe941054d444a8200595040b8166e084a62d1bffc05a839bd9ab77ad94e7821dd7f2e6c7b335dfdfcd5b3960d5af27087f3672c1ab270fb5291f9587316065c003ed4ee5b1063d5007"))));
    }

    [Theory]
    [InlineData("80")]
    [InlineData("be")]
    [InlineData("3fffffff7f")]
    [InlineData("ffffffffff7f")]
    [InlineData("400a6375")]
    [InlineData("4082ffff01")]
    public void What_is_no_block_of_fields_is_refused(string block) => Assert.Null(new HpackDecoder().Decode(Convert.FromHexString(block)));

    [Theory]
    [InlineData("00811f811f", true)]
    [InlineData("008118811f", false)]
    [InlineData("00821fff811f", false)]
    public void A_text_in_Huffman_code_is_filled_up_with_ones_fewer_than_a_byte_of_them(string block, bool isOne) =>
        Assert.Equal(isOne ? "a: a" : null, new HpackDecoder().Decode(Convert.FromHexString(block)) is { } fields ? Text(fields) : null);

    [Fact]
    public void Lengths_may_take_several_bytes()
    {
        var value = new byte[20_000];
        value.AsSpan().Fill((byte)'v');
        // 20,000 - 127 in groups of seven bits.
        var fields = new HpackDecoder().Decode([0x00, 1, (byte)'a', 0x7F, 0xA1, 0x9B, 0x01, .. value]);

        Assert.Equal(20_000, Assert.Single(fields!).Value.Length);
    }

    [Fact]
    public void Without_a_word_about_it_a_table_has_4096_bytes()
    {
        var decoder = new HpackDecoder();
        Assert.NotNull(decoder.Decode(Kept(3_000)));
        Assert.NotNull(decoder.Decode(Kept(1_100)));

        // 62 is the latest; 63 would be the one before, and both together with what a table counts beside them are more than 4096.
        Assert.NotNull(decoder.Decode([0xBE]));
        Assert.Null(decoder.Decode([0xBF]));
    }

    [Fact]
    public void A_table_that_is_made_smaller_forgets_at_once()
    {
        var decoder = new HpackDecoder();
        decoder.Decode(Kept(10));
        Assert.NotNull(decoder.Decode([0xBE]));
        // Nothing, and then as much as before.
        decoder.Decode([0x20, 0x3F, 0xE1, 0x1F]);

        Assert.Null(decoder.Decode([0xBE]));
    }

    [Theory]
    [InlineData("0001610162")]
    [InlineData("1001610162")]
    public void A_field_that_is_not_to_be_kept_is_not(string block)
    {
        var decoder = new HpackDecoder();

        Assert.Equal("a: b", Text(decoder.Decode(Convert.FromHexString(block))));
        Assert.Null(decoder.Decode([0xBE]));
    }

    [Fact]
    public void A_few_bytes_that_stand_for_megabytes_are_refused()
    {
        var decoder = new HpackDecoder();
        decoder.Decode(Kept(4_000));

        Assert.NotNull(decoder.Decode([.. Enumerable.Repeat((byte)0xBE, 50)]));
        Assert.Null(decoder.Decode([.. Enumerable.Repeat((byte)0xBE, 100)]));
    }

    /// <summary>A field of one letter with a value of so many bytes, to be kept.</summary>
    private static byte[] Kept(int length)
    {
        var rest = length - 127;
        byte[] number = length < 127 ? [(byte)length] : rest < 128 ? [0x7F, (byte)rest] : [0x7F, (byte)(rest & 0x7F | 0x80), (byte)(rest >> 7)];
        return [0x40, 1, (byte)'a', .. number, .. Enumerable.Repeat((byte)'v', length)];
    }

    private static string Text(IEnumerable<HpackField>? fields) =>
        string.Join(", ", (fields ?? []).Select(f => $"{Encoding.ASCII.GetString(f.Name)}: {Encoding.ASCII.GetString(f.Value)}"));
}
