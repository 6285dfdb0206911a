namespace Pressure.Agent.Tests;

public sealed class NetDevTests
{
    private const string Header = """
        Inter-|   Receive                                                |  Transmit
         face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo colls carrier compressed

        """;

    [Fact]
    public void Bytes_received_and_sent_stand_in_the_first_and_ninth_column() =>
        Assert.Equal((111UL, 222UL), NetDev.Parse(Header + "    lo: 111 1 0 0 0 0 0 0 222 1 0 0 0 0 0 0\n").Devices["lo"]);

    [Fact]
    public void A_number_right_behind_the_colon_and_an_alias_are_read()
    {
        var devices = NetDev.Parse(Header + "eth0:111 1 0 0 0 0 0 0 222 1\n eth0:1: 5 0 0 0 0 0 0 0 6\n").Devices;

        Assert.Equal((111UL, 222UL), devices["eth0"]);
        Assert.Equal((5UL, 6UL), devices["eth0:1"]);
    }

    [Theory]
    [InlineData("")]
    [InlineData(Header)]
    public void Without_interfaces_there_are_none(string text) => Assert.Empty(NetDev.Parse(text).Devices);

    [Fact]
    public void A_short_line_reads_as_zero() => Assert.Equal((7UL, 0UL), NetDev.Parse("eth0: 7 x").Devices["eth0"]);

    [Fact]
    public void Rates_are_of_interfaces_that_were_there_before_and_did_not_start_anew()
    {
        var before = NetDev.Parse("a: 100 0 0 0 0 0 0 0 200\nreset: 900 0 0 0 0 0 0 0 900\ngone: 5 0 0 0 0 0 0 0 5");
        var now = NetDev.Parse("a: 300 0 0 0 0 0 0 0 600\nreset: 1 0 0 0 0 0 0 0 2\nnew: 7000 0 0 0 0 0 0 0 7000");

        Assert.Equal(new ByteRates(100, 200), now.Since(before, TimeSpan.FromSeconds(2)));
    }
}
