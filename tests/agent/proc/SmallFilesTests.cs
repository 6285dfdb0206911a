namespace Pressure.Agent.Tests;

public sealed class SmallFilesTests
{
    [Fact]
    public void Memory_in_use_is_what_is_not_available() =>
        Assert.Equal(new Memory(1000 << 10, 600 << 10), Memory.Parse("MemTotal: 1000 kB\nMemFree: 1 kB\nMemAvailable:   400 kB\nHugePages_Total: 0\n"));

    [Fact]
    public void Without_the_available_line_free_and_cached_memory_counts() =>
        Assert.Equal(new Memory(1000 << 10, 400 << 10), Memory.Parse("MemTotal: 1000 kB\nMemFree: 100 kB\nBuffers: 200 kB\nCached: 300 kB"));

    [Theory]
    [InlineData("")]
    [InlineData("MemTotal:")]
    [InlineData("MemTotal: lots kB")]
    [InlineData("MemAvailable: 5 kB")]
    public void Broken_memory_text_reads_as_zero(string text) => Assert.Equal(default, Memory.Parse(text));

    [Fact]
    public void Load_averages_are_the_first_three_numbers() =>
        Assert.Equal(new LoadAverages(0.52, 1.05, 12), LoadAverage.Parse("0.52 1.05 12.00 2/345 6789\n"));

    [Theory]
    [InlineData("")]
    [InlineData("a b c")]
    public void Broken_load_text_reads_as_zero(string text) => Assert.Equal(default, LoadAverage.Parse(text));

    [Fact]
    public void Sockets_of_all_families_stand_in_the_first_line() =>
        Assert.Equal(291, SockStat.Parse("sockets: used 291\nTCP: inuse 5 orphan 0 tw 2 alloc 7 mem 1\n"));

    [Theory]
    [InlineData("")]
    [InlineData("sockets:")]
    [InlineData("TCP: inuse 5")]
    public void Broken_socket_text_reads_as_zero(string text) => Assert.Equal(0, SockStat.Parse(text));
}
