using System.Text;

namespace Pressure.Agent.Tests;

public sealed class DiskStatsTests
{
    [Fact]
    public void Only_physical_disks_are_counted_and_sectors_are_512_bytes()
    {
        var disks = Parse("""
               7       0 loop0 1 0 99 0 1 0 99 0 0 0 0
               1       0 ram0 1 0 99 0 1 0 99 0 0 0 0
             253       0 dm-0 1 0 99 0 1 0 99 0 0 0 0
               9       0 md127 1 0 99 0 1 0 99 0 0 0 0
             251       0 zram0 1 0 99 0 1 0 99 0 0 0 0
               8       0 sda 10 0 4 5 6 7 8 9 0 0 0 1 2 3 4 5 6
               8       1 sda1 10 0 4 5 6 7 8 9 0 0 0
             259       0 nvme0n1 1 0 1 0 1 0 2 0 0 0 0
             259       1 nvme0n1p1 1 0 1 0 1 0 2 0 0 0 0
             259       9 nvme0n10 1 0 3 0 1 0 4 0 0 0 0
             179       0 mmcblk0 1 0 5 0 1 0 6 0 0 0 0
             179       1 mmcblk0p12 1 0 5 0 1 0 6 0 0 0 0
             202       1 xvda1 1 0 7 0 1 0 8 0 0 0 0
            """).Disks;

        Assert.Equal(["mmcblk0", "nvme0n1", "nvme0n10", "sda", "xvda1"], disks.Select(d => d.Name).Order(StringComparer.Ordinal));
        Assert.Equal(new DiskCounters("sda", 4 * 512, 8 * 512, Reads: 10, Writes: 6, BusyMilliseconds: 0), disks.Single(d => d.Name == "sda"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("8 0")]
    [InlineData("8 0 sda 1 2 3")]
    public void Short_lines_are_skipped(string text) => Assert.Empty(Parse(text).Disks);

    [Fact]
    public void A_disk_tells_how_much_of_the_time_it_was_busy()
    {
        var before = Parse("8 0 sda 10 0 100 0 20 0 200 0 0 1000 0\n8 16 sdb 0 0 0 0 0 0 0 0 0 0 0");
        var now = Parse("8 16 sdb 0 0 0 0 0 0 0 0 0 9000 0\n8 0 sda 30 0 104 0 60 0 208 0 0 1500 0\n8 32 new 9 9 9 9 9 9 9 9 9 9 9");

        Assert.Equal(
            [
                new DiskRates("sdb", default, 0, 0, 1),
                new DiskRates("sda", new ByteRates(1024, 2048), 10, 20, 0.25),
                new DiskRates("new", default, 0, 0, 0),
            ],
            now.Since(before, TimeSpan.FromSeconds(2)));
    }

    private static DiskStats Parse(string text) => DiskStats.Parse(Encoding.UTF8.GetBytes(text));
}
