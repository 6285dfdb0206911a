using FsCheck;
using FsCheck.Fluent;

namespace Pressure.Agent.Tests;

public sealed class HostSamplerTests : IDisposable
{
    private static readonly string[] Files =
        ["stat", "net/dev", "diskstats", "meminfo", "loadavg", "net/sockstat", "net/snmp", "net/netstat", "10/stat", "10/cgroup", "10/status", "10/cmdline"];

    private readonly HostTree _host = new();
    private readonly FakeTime _time = new();

    public HostSamplerTests() => _host.Write("proc/stat", "cpu 0\n");

    public void Dispose() => _host.Dispose();

    [Fact]
    public void A_watched_process_tells_cpu_memory_threads_descriptors_and_its_collections()
    {
        var sampler = new HostSampler("web1", _time, _host.Roots, pid => pid == 10 ? new GcRates(1e6, 0.01, 5000) : null, () => null) { Patterns = ["nginx"] };
        _host.Process(10, "java", threads: 20, arguments: "java\0-jar\0item.jar\0", ticks: 100, pages: 10);
        _host.Link("proc/10/exe", "/usr/bin/java");
        _host.Process(11, "nginx", ticks: 0);
        for (var descriptor = 0; descriptor < 7; descriptor++)
            _host.Write($"proc/10/fd/{descriptor}", "");
        Assert.Null(sampler.Sample());
        _time.Advance(TimeSpan.FromSeconds(1));
        _host.Process(10, "java", threads: 21, arguments: "java\0-jar\0item.jar\0", ticks: 150, pages: 12);

        var sample = sampler.Sample()!;

        Assert.Equal(("web1", TimeSpan.Zero, TimeSpan.FromSeconds(1)), (sample.Host, sample.At, sample.Over));
        Assert.Equal(
            [
                new ProcessSample { Pid = 10, Name = "item", Cpu = 0.5, Rss = 12L * Environment.SystemPageSize, Threads = 21, Descriptors = 7, Gc = new GcRates(1e6, 0.01, 5000) },
                new ProcessSample { Pid = 11, Name = "nginx", Cpu = 0, Rss = 50L * Environment.SystemPageSize, Threads = 1, Descriptors = null },
            ],
            sample.Processes!.OrderBy(p => p.Pid));
    }

    [Fact]
    public void A_process_whose_id_is_used_again_is_left_out_until_it_is_known()
    {
        var sampler = new HostSampler("web1", _time, _host.Roots, null, () => null) { Patterns = ["*"] };
        _host.Process(10, "nginx", start: 5, ticks: 100);
        sampler.Sample();
        _time.Advance(TimeSpan.FromSeconds(1));
        _host.Process(10, "redis", start: 6, ticks: 9000);
        Assert.Empty(sampler.Sample()!.Processes!);
        _time.Advance(TimeSpan.FromSeconds(1));
        sampler.Sample();
        _time.Advance(TimeSpan.FromSeconds(1));
        _host.Process(10, "redis", start: 6, ticks: 9010);

        var process = Assert.Single(sampler.Sample()!.Processes!);
        Assert.Equal(("redis", 0.1), (process.Name, process.Cpu));
    }

    [Fact]
    public void A_clock_that_is_set_changes_no_rate()
    {
        // Only the time that passes counts; what the wall says is not even asked for.
        var sampler = new HostSampler("web1", new NoWallClock(_time), _host.Roots, null, () => null);
        sampler.Sample();
        _time.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal(TimeSpan.FromSeconds(1), sampler.Sample()!.Over);
    }

    [Fact]
    public void This_machine_tells_everything()
    {
        var sampler = new HostSampler("web1", TimeProvider.System);
        sampler.Sample();
        HostSample? sample = null;
        // The first second sample has this very process in it.
        Assert.True(SpinWait.SpinUntil(() => (sample = sampler.Sample())?.Processes!.Any(p => p.Pid == Environment.ProcessId) == true, TimeSpan.FromSeconds(30)));

        Assert.Equal(sample!.Cores, sample.PerCore!.Count);
        Assert.True(sample.RunQueue!.Value.Running >= 1);
        Assert.Contains(sample.Interfaces!, i => i.Name == "lo");
        Assert.NotNull(sample.Tcp);
        Assert.NotNull(sample.Disks);
        var self = sample.Processes!.Single(p => p.Pid == Environment.ProcessId);
        Assert.InRange(self.Threads, 2, 10_000);
        Assert.InRange(self.Descriptors!.Value, 3, 100_000);
        Assert.InRange(self.Rss, 1 << 20, 1L << 40);
        Assert.InRange(sample.Agent!.Value.Rss, 1 << 20, 1L << 40);
    }

    [Fact]
    public void Whatever_the_kernels_files_hold_a_sample_makes_sense()
    {
        var words = Gen.Elements("cpu", "cpu0", "cpu1", "eth0:", "lo:", "8", "0", "sda", "sda1", "Tcp:", "OutSegs", "MemTotal:", "SwapTotal:", "procs_running", "TCP:", "tw", "kB",
            "1", "7", "100", "18446744073709551615", "99999999999999999999999", "-5", "1e9", "NaN", "(", ")", "x", " ", "\n", "\n", "\n", "\t", "\0", ":", "é");
        var text = words.ListOf().Select(w => string.Join(' ', w));
        var tree = Gen.ArrayOf(text, Files.Length * 2);
        Prop.ForAll(tree.ToArbitrary(), texts =>
        {
            var sampler = new HostSampler("web1", _time, _host.Roots, null, () => null) { Patterns = ["*"] };
            for (var round = 0; round < 2; round++)
            {
                for (var file = 0; file < Files.Length; file++)
                    _host.Write("proc/" + Files[file], texts[(round * Files.Length) + file]);
                var sample = sampler.Sample();
                _time.Advance(TimeSpan.FromSeconds(1));
                if (sample is not null)
                    MakesSense(sample);
            }
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(200));
    }

    [Fact]
    public void Files_that_break_off_or_hold_wild_numbers_make_sense_too()
    {
        var whole = Files.Select(f => File.ReadAllText("/proc/" + f.Replace("10/", "self/", StringComparison.Ordinal))).ToArray();
        var harm =
            from file in Gen.Choose(0, Files.Length - 1)
            from cut in Gen.Choose(0, 1000)
            from at in Gen.Choose(0, 1000)
            from wild in Gen.Elements("18446744073709551615", "9223372036854775808", "99999999999999999999999", "0", "-1", "x", "")
            select (file, cut, at, wild);
        Prop.ForAll(harm.ToArbitrary(), h =>
        {
            var sampler = new HostSampler("web1", _time, _host.Roots, null, () => null) { Patterns = ["*"] };
            for (var file = 0; file < Files.Length; file++)
                _host.Write("proc/" + Files[file], whole[file]);
            sampler.Sample();
            var text = whole[h.file][..(whole[h.file].Length * h.cut / 1000)];
            var number = text.IndexOfAny("0123456789".ToCharArray(), text.Length * h.at / 1000);
            var end = number < 0 ? 0 : number + text[number..].TakeWhile(char.IsAsciiDigit).Count();
            _host.Write("proc/" + Files[h.file], number < 0 ? text : text[..number] + h.wild + text[end..]);
            for (var second = 0; second < 2; second++)
            {
                _time.Advance(TimeSpan.FromSeconds(1));
                MakesSense(sampler.Sample()!);
            }
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(200));
    }

    private static void MakesSense(HostSample sample)
    {
        foreach (var cpu in sample.PerCore!.Append(sample.Cpu))
            Assert.True(Shares(cpu.User, cpu.System, cpu.IoWait, cpu.Steal) && cpu.Busy <= 1.000_001);
        Assert.True(Rates(sample.Load.One, sample.Load.Five, sample.Load.Fifteen, sample.Network.In, sample.Network.Out, sample.Disk.In, sample.Disk.Out));
        Assert.True(sample.MemoryTotal >= 0 && sample.MemoryUsed >= 0 && sample.MemoryUsed <= sample.MemoryTotal && sample.Sockets >= 0);
        Assert.True(sample.Swap is not { } swap || (swap.Used >= 0 && swap.Used <= swap.Total));
        Assert.All(sample.Interfaces!, i => Assert.True(Rates(i.Bytes.In, i.Bytes.Out, i.PacketsIn, i.PacketsOut, i.Errors, i.Dropped)));
        Assert.All(sample.Disks!, d => Assert.True(Rates(d.Bytes.In, d.Bytes.Out, d.Reads, d.Writes) && Shares(d.Busy)));
        Assert.All(sample.Processes!, p => Assert.True(Rates(p.Cpu) && p.Rss >= 0 && p.Threads >= 0));
        if (sample.Tcp is { } tcp)
            Assert.True(Rates(tcp.SegmentsOut, tcp.Retransmits, tcp.ListenDrops) && tcp.States.Values.All(n => n > 0));

        static bool Rates(params ReadOnlySpan<double> values) => values.IndexOfAnyExceptInRange(0, double.MaxValue) < 0;
        static bool Shares(params ReadOnlySpan<double> values) => values.IndexOfAnyExceptInRange(0, 1) < 0;
    }

    /// <summary>A clock that measures time but does not tell it.</summary>
    private sealed class NoWallClock(TimeProvider time) : TimeProvider
    {
        public override long TimestampFrequency => time.TimestampFrequency;

        public override long GetTimestamp() => time.GetTimestamp();

        public override DateTimeOffset GetUtcNow() => throw new InvalidOperationException("Nobody should ask.");
    }
}
