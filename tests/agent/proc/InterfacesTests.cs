using System.Text;

namespace Pressure.Agent.Tests;

public sealed class InterfacesTests
{
    private const string Header = """
        Inter-|   Receive                                                |  Transmit
         face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo colls carrier compressed

        """;

    [Fact]
    public void Bytes_received_and_sent_stand_in_the_first_and_ninth_column() =>
        Assert.Equal(
            [new InterfaceCounters("lo", 111, 222, PacketsIn: 2, PacketsOut: 5, Errors: 3 + 6, Dropped: 4 + 7)],
            Parse(Header + "    lo: 111 2 3 4 0 0 0 0 222 5 6 7 0 0 0 0\n").All);

    [Fact]
    public void A_number_right_behind_the_colon_and_an_alias_are_read()
    {
        var all = Parse(Header + "eth0:111 1 0 0 0 0 0 0 222 1\n eth0:1: 5 0 0 0 0 0 0 0 6\n").All;

        Assert.Equal([("eth0", 111UL, 222UL), ("eth0:1", 5UL, 6UL)], all.Select(i => (i.Name, i.BytesIn, i.BytesOut)));
    }

    [Theory]
    [InlineData("")]
    [InlineData(Header)]
    public void Without_interfaces_there_are_none(string text) => Assert.Empty(Parse(text).All);

    [Fact]
    public void A_short_line_reads_as_zero() => Assert.Equal([new InterfaceCounters("eth0", 7, 0, 0, 0, 0, 0)], Parse("eth0: 7 x").All);

    [Fact]
    public void Rates_are_of_interfaces_that_were_there_before_and_did_not_start_anew()
    {
        var before = Parse("lo: 1 0 0 0 0 0 0 0 1\na: 100 10 0 0 0 0 0 0 200 20\nreset: 900 0 0 0 0 0 0 0 900\ngone: 5 0 0 0 0 0 0 0 5");
        var now = Parse("a: 300 14 2 4 0 0 0 0 600 26 4 6\nreset: 1 0 0 0 0 0 0 0 2\nnew: 7000 0 0 0 0 0 0 0 7000\nlo: 21 0 0 0 0 0 0 0 31");

        var rates = now.Since(before, TimeSpan.FromSeconds(2));

        Assert.Equal(new InterfaceRates("a", new ByteRates(100, 200), 2, 3, 3, 5), rates[0]);
        Assert.Equal(new InterfaceRates("reset", default, 0, 0, 0, 0), rates[1]);
        Assert.Equal(new InterfaceRates("new", default, 0, 0, 0, 0), rates[2]);
        Assert.Equal(new ByteRates(110, 215), now.BytesSince(before, TimeSpan.FromSeconds(2), loopback: true));
        Assert.Equal(new ByteRates(100, 200), now.BytesSince(before, TimeSpan.FromSeconds(2), loopback: false));
    }

    [Fact]
    public void Of_very_many_interfaces_those_that_carry_most_are_named()
    {
        var rates = Enumerable.Range(0, 500).Select(i => new InterfaceRates($"veth{i:000}", new ByteRates(i, 0), 0, 0, 0, 0)).ToArray();

        Assert.Equal(rates[^Interfaces.MaxNamed..], Interfaces.Named(rates));
    }

    private static Interfaces Parse(string text) => Interfaces.Parse(Encoding.UTF8.GetBytes(text));
}
