using System.Text;

namespace Pressure.Agent.Tests;

public sealed class SmallFilesTests
{
    [Fact]
    public void Memory_in_use_is_what_is_not_available() =>
        Assert.Equal(new Memory(1000 << 10, 600 << 10, null), Memory.Parse("MemTotal: 1000 kB\nMemFree: 1 kB\nMemAvailable:   400 kB\nHugePages_Total: 0\n"u8));

    [Fact]
    public void Without_the_available_line_free_and_cached_memory_counts() =>
        Assert.Equal(new Memory(1000 << 10, 400 << 10, null), Memory.Parse("MemTotal: 1000 kB\nMemFree: 100 kB\nBuffers: 200 kB\nCached: 300 kB"u8));

    [Theory]
    [InlineData("")]
    [InlineData("MemTotal:")]
    [InlineData("MemTotal: lots kB")]
    [InlineData("MemAvailable: 5 kB")]
    public void Broken_memory_text_reads_as_zero(string text) => Assert.Equal(default, Memory.Parse(Encoding.UTF8.GetBytes(text)));

    [Fact]
    public void Load_averages_are_the_first_three_numbers() =>
        Assert.Equal(new LoadAverages(0.52, 1.05, 12), LoadAverage.Parse("0.52 1.05 12.00 2/345 6789\n"u8));

    [Theory]
    [InlineData("")]
    [InlineData("a b c")]
    public void Broken_load_text_reads_as_zero(string text) => Assert.Equal(default, LoadAverage.Parse(Encoding.UTF8.GetBytes(text)));

    [Fact]
    public void Swap_in_use_is_what_is_not_free() =>
        Assert.Equal(new SwapUse(1000 << 10, 700 << 10), Memory.Parse("MemTotal: 1 kB\nSwapTotal: 1000 kB\nSwapFree: 300 kB\n"u8).Swap);
}
