namespace Pressure.Agent.Tests;

public sealed class LocalHostTests : IDisposable
{
    private readonly TempFolder _proc = new();
    private readonly FakeTime _time = new();

    public LocalHostTests()
    {
        Directory.CreateDirectory(_proc.File("net"));
        Write("stat", "cpu 0 0 0 0 0 0 0 0\ncpu0 0\ncpu1 0\ncpu2 0\n");
        Write("loadavg", "1.5 0.5 0.25 1/2 3\n");
        Write("meminfo", "MemTotal: 2048 kB\nMemAvailable: 1024 kB\n");
        Write("net/dev", "lo: 1000 0 0 0 0 0 0 0 1000\n");
        Write("diskstats", "8 0 sda 0 0 10 0 0 0 10 0\n");
        Write("net/sockstat", "sockets: used 9\n");
    }

    public void Dispose() => _proc.Dispose();

    [Fact]
    public void The_first_call_has_nothing_to_compare_with() => Assert.Null(new LocalHost(_time, new HostRoots(_proc.Path, _proc.Path, [])).Sample(TimeSpan.Zero));

    [Fact]
    public void A_sample_covers_the_time_that_really_passed()
    {
        var host = new LocalHost(_time, new HostRoots(_proc.Path, _proc.Path, []));
        host.Sample(TimeSpan.Zero);
        _time.Advance(TimeSpan.FromSeconds(2));
        Write("stat", "cpu 40 10 20 20 5 0 0 5\ncpu0 0\ncpu1 0\ncpu2 0\n");
        Write("net/dev", "lo: 3000 0 0 0 0 0 0 0 5000\n");
        Write("diskstats", "8 0 sda 0 0 14 0 0 0 18 0\n");

        // The run clock says one second; two have passed between the calls.
        var sample = host.Sample(TimeSpan.FromSeconds(1));

        Assert.Equal(
            new HostSample
            {
                Host = "local",
                At = TimeSpan.FromSeconds(1),
                Over = TimeSpan.FromSeconds(2),
                Cores = 3,
                Cpu = new CpuShares(0.5, 0.2, 0.05, 0.05),
                Load = new LoadAverages(1.5, 0.5, 0.25),
                MemoryTotal = 2 << 20,
                MemoryUsed = 1 << 20,
                Network = new ByteRates(1000, 2000),
                Disk = new ByteRates(1024, 2048),
                Sockets = 9,
            },
            sample! with { PerCore = null, Interfaces = null, Disks = null, Containers = null, Processes = null });
        Assert.Equal(3, sample.PerCore!.Count);
        Assert.Equal(new ByteRates(1000, 2000), Assert.Single(sample.Interfaces!).Bytes);
        Assert.Equal(new ByteRates(1024, 2048), Assert.Single(sample.Disks!).Bytes);
        Assert.Empty(sample.Containers!);
        Assert.Empty(sample.Processes!);
    }

    [Fact]
    public void Two_calls_at_the_same_moment_give_one_sample_later()
    {
        var host = new LocalHost(_time, new HostRoots(_proc.Path, _proc.Path, []));
        host.Sample(TimeSpan.Zero);
        Assert.Null(host.Sample(TimeSpan.Zero));
        Write("net/dev", "lo: 2000 0 0 0 0 0 0 0 1000\n");
        _time.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal(1000, host.Sample(TimeSpan.FromSeconds(1))!.Network.In);
    }

    [Fact]
    public void Files_that_vanish_read_as_zero()
    {
        var host = new LocalHost(_time, new HostRoots(_proc.Path, _proc.Path, []));
        host.Sample(TimeSpan.Zero);
        Directory.Delete(_proc.File("net"), recursive: true);
        foreach (var file in Directory.GetFiles(_proc.Path))
            File.Delete(file);
        _time.Advance(TimeSpan.FromSeconds(1));

        var sample = host.Sample(TimeSpan.FromSeconds(1))!;

        Assert.Equal(Environment.ProcessorCount, sample.Cores);
        Assert.Equal(default, (sample.Cpu, sample.Load, sample.Network, sample.Disk, sample.MemoryTotal, sample.MemoryUsed, sample.Sockets));
    }

    [Fact]
    public void This_machine_gives_sane_values_and_shows_a_busy_core()
    {
        var host = new LocalHost();
        host.Sample(TimeSpan.Zero);
        // Until the kernel has booked a fifth of a second to this very thread's process: long on a loaded machine, never flaky.
        var start = Environment.CpuUsage.UserTime;
        while (Environment.CpuUsage.UserTime - start < TimeSpan.FromMilliseconds(200))
            Thread.SpinWait(1000);

        var sample = host.Sample(TimeSpan.FromSeconds(1))!;

        Assert.InRange(sample.Cores, 1, 4096);
        Assert.InRange(sample.Cpu.User, 0.000_1, 1);
        Assert.InRange(sample.Cpu.Busy + sample.Cpu.IoWait, 0, 1.000_1);
        Assert.InRange(sample.MemoryUsed, 1, sample.MemoryTotal);
        Assert.InRange(sample.Load.One, 0, 1e5);
        Assert.InRange(sample.Network.In, 0, 1e12);
        Assert.InRange(sample.Sockets, 1, int.MaxValue);
    }

    private void Write(string name, string text) => File.WriteAllText(_proc.File(name), text);
}
