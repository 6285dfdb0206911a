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

    private static string Text(IEnumerable<HpackField>? fields) =>
        string.Join(", ", (fields ?? []).Select(f => $"{Encoding.ASCII.GetString(f.Name)}: {Encoding.ASCII.GetString(f.Value)}"));
}
