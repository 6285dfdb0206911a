using System.Text;

namespace Pressure.Agent.Tests;

public sealed class CpuTimesTests
{
    private const string TwoCores = """
        cpu  100 20 30 1000 40 5 6 7 8 9
        cpu0 50 10 15 500 20 2 3 3 4 4
        cpu1 50 10 15 500 20 3 3 4 4 5
        intr 12345 0 0
        ctxt 99
        """;

    [Fact]
    public void Nice_counts_as_user_and_interrupts_count_as_system() =>
        Assert.Equal(new CpuTimes(User: 120, System: 41, IoWait: 40, Steal: 7, Idle: 1000), Parse(TwoCores).All);

    [Fact]
    public void Shares_are_of_all_time_that_passed()
    {
        var before = new CpuTimes(100, 100, 100, 100, 100);
        var now = new CpuTimes(150, 120, 110, 105, 215);

        Assert.Equal(new CpuShares(0.25, 0.1, 0.05, 0.025), now.Since(before));
        Assert.Equal(0.375, now.Since(before).Busy, 1e-12);
    }

    [Fact]
    public void A_counter_that_goes_backwards_counts_as_none()
    {
        var before = new CpuTimes(100, 100, 500, 0, 100);
        var now = new CpuTimes(110, 100, 400, 0, 190);

        Assert.Equal(new CpuShares(0.1, 0, 0, 0), now.Since(before));
    }

    [Fact]
    public void No_tick_at_all_is_no_load() => Assert.Equal(default, default(CpuTimes).Since(default));

    [Theory]
    [InlineData("")]
    [InlineData("cpu")]
    [InlineData("cpu  x y z")]
    [InlineData("intr 5")]
    public void Broken_text_reads_as_zero(string text)
    {
        var stat = Parse(text);

        Assert.Equal(default, stat.All);
        Assert.Empty(stat.Cores);
        Assert.Null(stat.Queue);
    }

    [Fact]
    public void Old_kernels_with_fewer_fields_are_read() =>
        Assert.Equal(new CpuTimes(3, 3, 0, 0, 4), Parse("cpu 1 2 3 4\ncpu0 1 2 3 4").All);

    [Fact]
    public void Each_core_has_shares_of_its_own_and_the_run_queue_stands_at_the_end()
    {
        var before = Parse("cpu 0\ncpu0 0 0 0 0\ncpu2 0 0 0 0\n");
        var now = Parse("cpu 0\ncpu0 50 0 0 50\ncpu1 7 7 7 7\ncpu2 0 0 25 75\nintr 1 2 3\nprocs_running 4\nprocs_blocked 1\n");

        Assert.Equal([new CpuShares(0.5, 0, 0, 0), default, new CpuShares(0, 0.25, 0, 0)], now.PerCore(before));
        Assert.Equal(new RunQueue(4, 1), now.Queue);
    }

    private static KernelStat Parse(string text) => KernelStat.Parse(Encoding.UTF8.GetBytes(text));
}
