using System.Text.Json;

namespace Pressure.TrafficCopy.Tests;

public class AccountsTests
{
    private static readonly CaptureAccounts Some = Counted();

    [Fact]
    public void The_table_has_what_happened_and_that_the_sums_agree()
    {
        Assert.Equal("""
            packets                         1,300
              brought new bytes             1,200
              opened, acknowledged, closed    100
            bytes of payload                5,000
              handed on                     4,999
              known already                     1
            connections                        12
              with one direction only           3
            exchanges                           0
            Every packet and every byte is accounted for.

            """, AccountsText.Of(Some), ignoreLineEndingDifferences: true);
    }

    [Fact]
    public void Sums_that_do_not_agree_are_told()
    {
        var accounts = Counted();
        accounts.Packets++;

        Assert.Contains("THE SUMS DO NOT AGREE: 1,300 of 1,301 packets and 5,000 of 5,000 bytes are accounted for.", AccountsText.Of(accounts), StringComparison.Ordinal);
    }

    [Fact]
    public void Everything_that_is_counted_has_words_of_its_own()
    {
        Assert.All(Enum.GetValues<PacketFate>(), f => Assert.NotEqual(f.ToString(), AccountsText.Name(f)));
        Assert.All(Enum.GetValues<ByteFate>(), f => Assert.NotEqual(f.ToString(), AccountsText.Name(f)));
        Assert.All(Enum.GetValues<Happening>(), h => Assert.NotEqual(h.ToString(), AccountsText.Name(h)));
        Assert.Distinct(Enum.GetValues<PacketFate>().Select(AccountsText.Name));
        Assert.Distinct(Enum.GetValues<ByteFate>().Select(AccountsText.Name));
        Assert.Distinct(Enum.GetValues<Happening>().Select(AccountsText.Name));
    }

    [Fact]
    public void As_JSON_they_have_every_number()
    {
        using var json = JsonDocument.Parse(AccountsReport.Of(Some).ToJson());
        var root = json.RootElement;

        Assert.True(root.GetProperty("balanced").GetBoolean());
        Assert.Equal(1_300, root.GetProperty("packets").GetInt64());
        Assert.Equal(1_200, root.GetProperty("packetFates").GetProperty("used").GetInt64());
        Assert.Equal(0, root.GetProperty("packetFates").GetProperty("capturedTwice").GetInt64());
        Assert.Equal(4_999, root.GetProperty("byteFates").GetProperty("delivered").GetInt64());
        Assert.Equal(3, root.GetProperty("counts").GetProperty("oneSided").GetInt64());
        Assert.Equal(Enum.GetValues<Happening>().Length, root.GetProperty("counts").EnumerateObject().Count());
    }

    private static CaptureAccounts Counted()
    {
        var accounts = new CaptureAccounts { Packets = 1_300, PayloadBytes = 5_000 };
        accounts.Count(PacketFate.Used, 1_200);
        accounts.Count(PacketFate.Control, 100);
        accounts.Count(ByteFate.Delivered, 4_999);
        accounts.Count(ByteFate.Duplicate, 1);
        accounts.Count(Happening.Connection, 12);
        accounts.Count(Happening.OneSided, 3);
        return accounts;
    }
}
