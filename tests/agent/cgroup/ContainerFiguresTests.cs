namespace Pressure.Agent.Tests;

public sealed class ContainerFiguresTests : IDisposable
{
    private const string Id = "0f1e2d3c4b5a69788796a5b4c3d2e1f00f1e2d3c4b5a69788796a5b4c3d2e1f0";
    private const string V1 = $"docker/{Id}", V2 = $"system.slice/docker-{Id}.scope";

    private readonly HostTree _host = new();
    private readonly FakeTime _time = new();
    private readonly HostSampler _sampler;

    public ContainerFiguresTests()
    {
        _host.Link("proc/self/ns/net", "net:[1]");
        _sampler = new HostSampler("web1", _time, _host.Roots, null, () => null);
    }

    public void Dispose() => _host.Dispose();

    [Fact]
    public void Version_1_gives_cpu_limit_throttling_memory_and_network()
    {
        _host.Process(10, "app", cgroup: $"4:memory:/{V1}\n3:cpu,cpuacct:/{V1}");
        _host.Link("proc/10/ns/net", "net:[2]");
        _host.Write("proc/10/net/dev", "lo: 5 0 0 0 0 0 0 0 5\neth0: 1000 0 0 0 0 0 0 0 2000\n");
        WriteV1(usedNanoseconds: 1_000_000_000, periods: 10, throttled: 0);
        Sample(); // sees the container
        _host.Write("proc/10/net/dev", "lo: 9 0 0 0 0 0 0 0 9\neth0: 3000 0 0 0 0 0 0 0 6000\n");
        WriteV1(usedNanoseconds: 2_500_000_000, periods: 30, throttled: 5);

        var container = Assert.Single(Sample(seconds: 2)!.Containers!);

        Assert.Equal(
            new ContainerSample
            {
                Id = Id[..12],
                Name = Id[..12],
                Cpu = 0.75,
                CpuLimit = 0.5,
                Throttled = 0.25,
                Memory = 7000,
                MemoryLimit = 1 << 20,
                Network = new ByteRates(1000, 2000),
            },
            container);
    }

    [Fact]
    public void Version_2_gives_the_same()
    {
        _host.Process(10, "app", cgroup: $"0::/{V2}");
        _host.Link("proc/10/ns/net", "net:[2]");
        _host.Write("proc/10/net/dev", "eth0: 1000 0 0 0 0 0 0 0 2000\n");
        WriteV2(usedMicroseconds: 1_000_000, periods: 10, throttled: 0);
        Sample();
        _host.Write("proc/10/net/dev", "eth0: 3000 0 0 0 0 0 0 0 6000\n");
        WriteV2(usedMicroseconds: 2_500_000, periods: 30, throttled: 5);

        var container = Assert.Single(Sample(seconds: 2)!.Containers!);

        Assert.Equal(
            (0.75, 0.5, 0.25, 7000L, 1L << 20, new ByteRates(1000, 2000)),
            (container.Cpu, container.CpuLimit, container.Throttled, container.Memory, container.MemoryLimit, container.Network));
    }

    [Fact]
    public void Without_limits_there_are_none()
    {
        _host.Process(10, "app", cgroup: $"0::/{V2}");
        WriteV2(1, 0, 0, cpuMax: "max 100000", memoryMax: "max");
        const string second = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
        _host.Process(11, "app", cgroup: $"4:memory:/docker/{second}\n3:cpu,cpuacct:/docker/{second}");
        _host.Write($"cgroup/cpuacct/docker/{second}/cpuacct.usage", "1\n");
        _host.Write($"cgroup/cpu/docker/{second}/cpu.cfs_quota_us", "-1\n");
        _host.Write($"cgroup/cpu/docker/{second}/cpu.cfs_period_us", "100000\n");
        _host.Write($"cgroup/memory/docker/{second}/memory.stat", "hierarchical_memory_limit 9223372036854771712\n");
        Sample();

        var containers = Sample()!.Containers!;

        Assert.Equal(2, containers.Count);
        Assert.All(containers, c => Assert.Equal((null, null, 0, null), (c.CpuLimit, c.MemoryLimit, c.Throttled, c.Network)));
    }

    [Fact]
    public void A_container_on_the_hosts_network_has_none_of_its_own()
    {
        _host.Process(10, "app", cgroup: $"0::/{V2}");
        _host.Link("proc/10/ns/net", "net:[1]");
        _host.Write("proc/10/net/dev", "eth0: 1000 0 0 0 0 0 0 0 2000\n");
        WriteV2(1, 0, 0);
        Sample();

        Assert.Null(Assert.Single(Sample()!.Containers!).Network);
    }

    [Fact]
    public void The_network_goes_on_being_seen_by_another_process_and_no_byte_is_lost()
    {
        _host.Process(10, "app", cgroup: $"0::/{V2}");
        _host.Process(11, "app", cgroup: $"0::/{V2}");
        _host.Link("proc/10/ns/net", "net:[1]"); // still on the host's
        _host.Link("proc/11/ns/net", "net:[2]");
        _host.Write("proc/10/net/dev", "eth0: 9999999 0 0 0 0 0 0 0 0\n");
        _host.Write("proc/11/net/dev", "eth0: 1000 0 0 0 0 0 0 0 0\n");
        WriteV2(1, 0, 0);
        Sample();
        _host.Delete("proc/11");
        Assert.Null(Assert.Single(Sample()!.Containers!).Network);
        _host.Delete("proc/10/ns");
        _host.Link("proc/10/ns/net", "net:[2]");
        _host.Write("proc/10/net/dev", "eth0: 5000 0 0 0 0 0 0 0 0\n");

        Assert.Equal(4000, Assert.Single(Sample()!.Containers!).Network!.Value.In);
    }

    [Fact]
    public void A_container_that_vanishes_is_in_no_sample_and_one_that_starts_anew_begins_at_nothing()
    {
        _host.Process(10, "app", cgroup: $"0::/{V2}");
        WriteV2(5_000_000, 0, 0);
        Sample();
        _host.Delete("cgroup");
        Assert.Empty(Sample()!.Containers!);
        WriteV2(usedMicroseconds: 1000, 0, 0);

        // The counter is smaller than it was: a new group with the same name.
        Assert.Equal(0, Assert.Single(Sample()!.Containers!).Cpu);
    }

    [Theory]
    [InlineData("")]
    [InlineData("usage_usec")]
    [InlineData("usage_usec 99999999999999999999999\nnr_periods -1\nnr_throttled x")]
    [InlineData("usage_usec 18446744073709551615\nnr_periods 18446744073709551615\nnr_throttled 18446744073709551615")]
    public void Wild_text_gives_numbers_that_make_sense(string stat)
    {
        _host.Process(10, "app", cgroup: $"0::/{V2}");
        WriteV2(5, 1, 1, cpuMax: "0 0", memoryMax: "18446744073709551615");
        Sample();
        _host.Write($"cgroup/{V2}/cpu.stat", stat);
        _host.Write($"cgroup/{V2}/memory.current", stat);

        foreach (var container in Sample()!.Containers!)
        {
            Assert.InRange(container.Cpu, 0, double.MaxValue);
            Assert.InRange(container.Throttled, 0, 1);
            Assert.InRange(container.Memory, 0, long.MaxValue);
            Assert.Null(container.CpuLimit);
        }
    }

    private HostSample? Sample(double seconds = 1)
    {
        _time.Advance(TimeSpan.FromSeconds(seconds));
        return _sampler.Sample();
    }

    private void WriteV1(long usedNanoseconds, long periods, long throttled)
    {
        _host.Write($"cgroup/cpuacct/{V1}/cpuacct.usage", $"{usedNanoseconds}\n");
        _host.Write($"cgroup/cpu/{V1}/cpu.stat", $"nr_periods {periods}\nnr_throttled {throttled}\nthrottled_time 99\n");
        _host.Write($"cgroup/cpu/{V1}/cpu.cfs_quota_us", "50000\n");
        _host.Write($"cgroup/cpu/{V1}/cpu.cfs_period_us", "100000\n");
        _host.Write($"cgroup/memory/{V1}/memory.usage_in_bytes", "10000\n");
        _host.Write($"cgroup/memory/{V1}/memory.stat", "inactive_file 1\nhierarchical_memory_limit 1048576\ntotal_inactive_file 3000\n");
    }

    private void WriteV2(long usedMicroseconds, long periods, long throttled, string cpuMax = "50000 100000", string memoryMax = "1048576")
    {
        _host.Write($"cgroup/{V2}/cpu.stat", $"usage_usec {usedMicroseconds}\nuser_usec 1\nnr_periods {periods}\nnr_throttled {throttled}\nthrottled_usec 9\n");
        _host.Write($"cgroup/{V2}/cpu.max", cpuMax + "\n");
        _host.Write($"cgroup/{V2}/memory.current", "10000\n");
        _host.Write($"cgroup/{V2}/memory.stat", "anon 5\ninactive_anon 7\ninactive_file 3000\n");
        _host.Write($"cgroup/{V2}/memory.max", memoryMax + "\n");
    }
}
