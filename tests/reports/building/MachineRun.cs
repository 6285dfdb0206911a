using Pressure.Record;

namespace Pressure.Reports.Tests;

/// <summary>
/// A run as it might have been: a shop of two .NET services on one host and a Java service on another, in containers, each with an agent. A full
/// collection of the Java service stops it now and then and shows in response times; the agent of one host is silent for a while.
/// </summary>
internal static class MachineRun
{
    private static readonly RequestManifest[] Requests =
    [
        new("home", "browse", "GET", "http://10.0.0.1:5080/", "gateway", 0.5),
        new("item", "browse", "GET", "http://10.0.0.2:5081/item/42", "item", 0.3),
        new("order", "buy", "POST", "http://10.0.0.1:5082/order", "order", 0.2),
    ];

    private static readonly double[] Typical = [6, 9, 14];

    /// <summary>Begins and lengths of the Java service's full collections, milliseconds.</summary>
    private static readonly (double At, double Pause)[] FullCollections = [(18.31, 310), (37.62, 412), (38.9, 95), (52.47, 480), (71.2, 356)];

    public static RunRecord Build(int seconds = 90, int seed = 3, bool full = true)
    {
        var random = new Random(seed);
        var fulls = full ? FullCollections.Where(f => f.At < seconds).ToArray() : [];
        var run = RunBuilder.New().Manifest(m => Manifest(m, seconds)).Requests(Requests)
            .Threshold("http_req_duration", "p(95) < 500ms").Threshold("http_req_failed", "rate < 1%");
        for (var second = 0; second < seconds; second++)
        {
            run.Interval(Second(second, random, fulls)).Generator(new GeneratorSample
            {
                At = TimeSpan.FromSeconds(second + 1),
                Cpu = 0.12,
                BusiestLane = 0.1,
                LateP50 = TimeSpan.FromMicroseconds(24),
                LateP99 = TimeSpan.FromMicroseconds(90 + random.Next(50)),
                Memory = 84_000_000,
            });
            run.Host(Local(second, random)).Host(Web1(second, random));
            // Nothing is heard of web2 for thirteen seconds.
            if (second is not (>= 55 and < 68))
                run.Host(Web2(second, random, fulls));
        }
        run.Event(new TimelineEvent.WarmUpEnded(TimeSpan.FromSeconds(5)));
        if (seconds > 68)
            run.Event(new TimelineEvent.HostSilent(TimeSpan.FromSeconds(58.2), "web2", TimeSpan.FromSeconds(55.02))).Event(new TimelineEvent.HostHeard(TimeSpan.FromSeconds(68.1), "web2", TimeSpan.FromSeconds(13.1)));
        run.Event(new TimelineEvent.LoadEnded(TimeSpan.FromSeconds(seconds)));
        return run.Build() with { PlanText = "name: shop on three services\ntarget: http://10.0.0.1:5080\nhosts: [ local, web1, web2 ]\n", Gc = [.. Collections(seconds, random, fulls).OrderBy(g => g.At)] };
    }

    /// <summary>Twenty hosts with five containers each, one process in each, and a little load.</summary>
    public static RunRecord Fleet(int seconds = 60)
    {
        var random = new Random(11);
        var names = Enumerable.Range(1, 20).Select(i => $"node{i:00}").ToList();
        var run = RunBuilder.New().Manifest(m => m with
        {
            Hosts = names,
            Agents = [.. names.Select(n => new HostManifest(n, new Dictionary<string, string> { ["env"] = "test" }))],
            Duration = TimeSpan.FromSeconds(seconds),
        }).Seconds(seconds, ok: 50);
        for (var second = 0; second < seconds; second++)
        {
            for (var host = 0; host < names.Count; host++)
            {
                var busy = (host + 1) / 22.0;
                var services = Enumerable.Range(0, 5).Select(i => $"service{(host + i) % 8}").ToList();
                run.Host(Detailed(Host(names[host], second, 8, busy, random), random) with
                {
                    Containers = [.. services.Select((s, i) => Container($"{host:00}{i}0c0ffee", $"{s}-{host}", s, busy * 1.5 + random.NextDouble() * 0.1, 2, 0, (long)(busy * (1L << 30)), 1L << 30))],
                    Processes = [.. services.Select((s, i) => Process(1000 + i, s, $"{s}-{host}", s, busy * 1.5, (long)(busy * 9e8), new(1e6, 0, 50_000_000)))],
                });
            }
        }
        return run.Build();
    }

    private static RunManifest Manifest(RunManifest m, int seconds) => m with
    {
        Id = "20261121-031500-three-services-77aa",
        Name = "three services 三服务",
        Duration = TimeSpan.FromSeconds(seconds),
        WarmUp = TimeSpan.FromSeconds(5),
        Hosts = ["local", "web1", "web2"],
        Agents =
        [
            new("web1", new Dictionary<string, string> { ["env"] = "test", ["region"] = "eu-1" }),
            new("web2", new Dictionary<string, string> { ["service"] = "item", ["env"] = "test", ["region"] = "eu-1" }),
        ],
        Load = new LoadManifest { Kind = "rate", Arrivals = "uniform", Total = 200L * seconds, Segments = [new(TimeSpan.Zero, TimeSpan.FromSeconds(seconds), 200, 200)] },
    };

    private static Interval Second(int second, Random random, (double At, double Pause)[] full)
    {
        var interval = new Interval(0, second, Requests.Length) { OpenConnections = 24, InFlight = 3 };
        for (var i = 0; i < 200; i++)
        {
            var which = i % 10 < 5 ? 0 : i % 10 < 8 ? 1 : 2;
            var r = interval.Requests[which];
            var took = Typical[which] * (0.6 - 0.45 * Math.Log(1 - random.NextDouble()));
            // Every item, and half of what the gateway answers, waits for the Java service.
            if (which == 1 || (which == 0 && i % 2 == 0))
                took += Held(second + i / 200.0, full);
            r.Asked++;
            r.Sent++;
            r.Ok++;
            r.ChecksPassed++;
            r.CountStatus(200);
            r.BytesSent += 180;
            r.BytesReceived += 3_000;
            r.ResponseTime.Record(TimeSpan.FromMilliseconds(took));
            r.ServiceTime.Record(TimeSpan.FromMilliseconds(took - 0.05));
        }
        return interval;
    }

    /// <summary>How long a request that comes at a moment waits for a collection to end.</summary>
    private static double Held(double at, (double At, double Pause)[] full) =>
        full.Where(f => at >= f.At && at < f.At + f.Pause / 1000).Select(f => f.Pause - (at - f.At) * 1000).DefaultIfEmpty().Max();

    private static HostSample Local(int second, Random random) => Host("local", second, 2, 0.2 + random.NextDouble() * 0.05, random);

    private static HostSample Web1(int second, Random random)
    {
        var (gateway, order) = (0.55 + random.NextDouble() * 0.1, 0.97 + random.NextDouble() * 0.05);
        return Detailed(Host("web1", second, 4, 0.46 + random.NextDouble() * 0.05, random), random) with
        {
            Containers =
            [
                Container("a1b2c3d4e5f6", "gateway-1", "gateway", gateway, null, 0, 210L << 20, null),
                Container("b1b2c3d4e5f6", "order-1", "order", order, 1, 0.35 + random.NextDouble() * 0.3, 240L << 20, 256L << 20),
            ],
            Processes =
            [
                Process(4211, "gateway", "gateway-1", "gateway", gateway, 190L << 20, new(38e6 + random.NextDouble() * 4e6, 0.003, 42_000_000)),
                Process(4305, "order", "order-1", "order", order, 228L << 20, new(61e6 + random.NextDouble() * 6e6, 0.006, 88_000_000)),
            ],
        };
    }

    private static HostSample Web2(int second, Random random, (double At, double Pause)[] full)
    {
        var stopped = full.Where(f => (int)f.At == second).Sum(f => f.Pause / 1000);
        var heap = (long)(180e6 + (second * 23 % 160) * 1e6);
        return Detailed(Host("web2", second, 2, 0.58 + random.NextDouble() * 0.06, random), random) with
        {
            Swap = new SwapUse(2L << 30, (120L << 20) + second * (4L << 20)),
            Clock = new ClockEstimate(TimeSpan.FromMilliseconds(3.2), TimeSpan.FromMilliseconds(0.7)),
            Containers = [Container("c1b2c3d4e5f6", "item-1", "item", 0.9 + random.NextDouble() * 0.2, 1.5, 0, 470L << 20, 512L << 20)],
            Processes = [Process(977, "item", "item-1", "item", 0.88 + random.NextDouble() * 0.2, 455L << 20, new(95e6 + random.NextDouble() * 9e6, stopped, heap))],
        };
    }

    private static HostSample Host(string name, int second, int cores, double busy, Random random) => new()
    {
        Host = name,
        At = TimeSpan.FromSeconds(second + 1.01),
        Cores = cores,
        Cpu = new(busy * 0.7, busy * 0.3, random.NextDouble() * 0.02, 0),
        Load = new(busy * cores * 1.1, busy * cores, busy * cores * 0.8),
        MemoryTotal = 8L << 30,
        MemoryUsed = (3L << 30) + second * 2_000_000L,
        Network = new(2.1e6 + random.Next(200_000), 2.8e6 + random.Next(200_000)),
        Disk = new(random.Next(20_000), 160_000 + random.Next(90_000)),
        Sockets = 212,
    };

    private static HostSample Detailed(HostSample plain, Random random) => plain with
    {
        RunQueue = new(1 + random.Next(plain.Cores + 2), random.Next(10) == 0 ? 1 : 0),
        Tcp = new() { States = new Dictionary<string, int> { ["established"] = 60 }, SegmentsOut = 2_400, Retransmits = random.Next(12) == 0 ? 3 : 0 },
        Disks = [new("vda", plain.Disk, 3, 40, 0.04)],
        Interfaces = [new("eth0", plain.Network, 2_000, 2_100, 0, 0)],
    };

    private static ContainerSample Container(string id, string name, string service, double cpu, double? limit, double throttled, long memory, long? memoryLimit) => new()
    {
        Id = id,
        Name = name,
        Service = service,
        Cpu = cpu,
        CpuLimit = limit,
        Throttled = throttled,
        Memory = memory,
        MemoryLimit = memoryLimit,
        Network = new(1.1e6, 1.3e6),
        Restarts = 0,
    };

    private static ProcessSample Process(int pid, string name, string container, string service, double cpu, long rss, GcRates gc) => new()
    {
        Pid = pid,
        Name = name,
        Container = container,
        Service = service,
        Cpu = cpu,
        Rss = rss,
        Threads = 31,
        Descriptors = 140,
        Gc = gc,
    };

    private static IEnumerable<GcEvent> Collections(int seconds, Random random, (double At, double Pause)[] full)
    {
        var number = 0;
        GcEvent Of(string host, int pid, string name, GcRuntime runtime, string collector, double at, GcKind kind, double pause, string reason, double? duration = null) => new()
        {
            Host = host,
            Process = name,
            Pid = pid,
            Container = name + "-1",
            Service = name,
            Runtime = runtime,
            Collector = collector,
            At = TimeSpan.FromSeconds(at),
            Number = number++,
            Kind = kind,
            Reason = reason,
            Pause = TimeSpan.FromMilliseconds(pause),
            Duration = TimeSpan.FromMilliseconds(duration ?? pause),
            HeapBefore = 300_000_000,
            HeapAfter = 180_000_000,
        };

        for (var at = 0.4; at < seconds; at += 0.7 + random.NextDouble() * 0.3)
            yield return Of("web1", 4211, "gateway", GcRuntime.Dotnet, ".NET", at, GcKind.Gen0, 0.6 + random.NextDouble(), "AllocSmall");
        for (var at = 0.2; at < seconds; at += 0.5 + random.NextDouble() * 0.2)
            yield return Of("web1", 4305, "order", GcRuntime.Dotnet, ".NET", at, random.Next(8) == 0 ? GcKind.Gen1 : GcKind.Gen0, 1 + random.NextDouble() * 3, "AllocSmall");
        for (var at = 9.0; at < seconds; at += 21)
            yield return Of("web1", 4305, "order", GcRuntime.Dotnet, ".NET", at, GcKind.Gen2Background, 3 + random.NextDouble() * 2, "AllocSmall", 80);
        for (var at = 0.6; at < seconds; at += 1.6 + random.NextDouble() * 0.3)
            yield return Of("web2", 977, "item", GcRuntime.Jvm, "G1", at, GcKind.Young, 6 + random.NextDouble() * 8, "G1 Evacuation Pause");
        foreach (var (at, pause) in full)
            yield return Of("web2", 977, "item", GcRuntime.Jvm, "G1", at, GcKind.Full, pause, "System.gc()");
    }
}
