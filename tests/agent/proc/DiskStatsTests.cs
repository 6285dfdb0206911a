namespace Pressure.Agent.Tests;

public sealed class DiskStatsTests
{
    [Fact]
    public void Only_physical_disks_are_counted_and_sectors_are_512_bytes()
    {
        var disks = DiskStats.Parse("""
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
            """).Devices;

        Assert.Equal(["mmcblk0", "nvme0n1", "nvme0n10", "sda", "xvda1"], disks.Keys.Order(StringComparer.Ordinal));
        Assert.Equal((4 * 512UL, 8 * 512UL), disks["sda"]);
    }

    [Theory]
    [InlineData("")]
    [InlineData("8 0")]
    [InlineData("8 0 sda 1 2 3")]
    public void Short_lines_are_skipped(string text) => Assert.Empty(DiskStats.Parse(text).Devices);
}
