using Pressure.Record;

namespace Pressure.Reports.Tests;

/// <summary>A run as it might have been: a shop with four services under three million page views a day, whose cart breaks for a while.</summary>
internal static class DemoRun
{
    private static readonly RequestManifest[] Requests =
    [
        new("home", "browse", "GET", "http://127.0.0.1:5080/", "gateway", 0.35),
        new("item", "browse", "GET", "http://127.0.0.1:5081/item/42", "item", 0.30),
        new("搜索", "browse", "GET", "http://127.0.0.1:5081/%E6%90%9C%E7%B4%A2?q=%E6%89%8B%E6%9C%BA&page=1", "item", 0.15),
        new("add to cart", "buy", "POST", "http://127.0.0.1:5082/cart", "cart", 0.12),
        new("order", "buy", "POST", "http://127.0.0.1:5083/order", "order", 0.08),
    ];

    private static readonly double[] Typical = [4.2, 6.8, 9.5, 14, 21];

    public static RunRecord Build(int seconds = 60, bool troubled = true, bool failing = true)
    {
        var random = new Random(7);
        var run = RunBuilder.New().Manifest(m => Manifest(m, seconds)).Requests(Requests)
            .Threshold("http_req_duration", "p(95) < 500ms")
            .Threshold("http_req_failed", failing ? "rate < 1%" : "rate < 5%")
            .Threshold("http_req_duration{name:order}", "p(99) < 800ms")
            .Threshold("http_reqs", "rate > 130");
        for (var second = 0; second < seconds; second++)
            Second(run, second, random, troubled && second is >= 34 and < 39);
        run.Event(new TimelineEvent.WarmUpEnded(TimeSpan.FromSeconds(5)));
        if (troubled)
            run.Event(new TimelineEvent.TargetFailing(TimeSpan.FromSeconds(34.2), RequestError.CheckFailed, 503)).Event(new TimelineEvent.TargetRecovered(TimeSpan.FromSeconds(39.1)));
        run.Event(new TimelineEvent.LoadEnded(TimeSpan.FromSeconds(seconds)));
        return run.Build() with { PlanText = Plan, Recoveries = troubled ? [new TornTail("hosts.log", 18_240, 37)] : [] };
    }

    private static RunManifest Manifest(RunManifest m, int seconds) => m with
    {
        Id = "20261121-031500-shop-peak-4f2a",
        Name = "shop peak 双十一",
        Duration = TimeSpan.FromSeconds(seconds),
        WarmUp = TimeSpan.FromSeconds(5),
        Hosts = ["local"],
        Load = new LoadManifest
        {
            Kind = "pv",
            Arrivals = "uniform",
            Total = 139L * seconds,
            Segments = [new(TimeSpan.Zero, TimeSpan.FromSeconds(seconds), 139, 139)],
            PageViews = new PageViewManifest
            {
                PerDay = 3_000_000,
                RequestsPerPage = 1,
                Share = 0.8,
                DaySeconds = 86_400,
                Window = 0.2,
                Event = 1,
                Qps = 3_000_000 * 0.8 / 17_280,
                TargetQps = 139,
                PerMachineQps = 58,
                Machines = 3,
            },
        },
    };

    private static void Second(RunBuilder run, int second, Random random, bool trouble)
    {
        var interval = new Interval(0, second, Requests.Length) { OpenConnections = trouble ? 64 : 18, InFlight = trouble ? 31 : 2, IterationsStarted = 96, IterationsEnded = 96 };
        for (var i = 0; i < 139; i++)
            Request(interval, Pick((i * 0.618034 + second * 0.37) % 1), random, trouble);
        run.Interval(interval).Host(Host(second, random, trouble)).Generator(new GeneratorSample
        {
            At = TimeSpan.FromSeconds(second + 1),
            Cpu = 0.05 + random.NextDouble() * 0.02,
            BusiestLane = 0.04 + random.NextDouble() * 0.02,
            LateP50 = TimeSpan.FromMicroseconds(22 + random.Next(8)),
            LateP99 = TimeSpan.FromMicroseconds(90 + random.Next(second == 12 ? 3000 : 60)),
            Memory = 84_000_000,
        });
    }

    private static int Pick(double point)
    {
        var sum = 0.0;
        for (var i = 0; i < Requests.Length; i++)
        {
            if ((sum += Requests[i].Share) > point)
                return i;
        }
        return Requests.Length - 1;
    }

    private static void Request(Interval interval, int which, Random random, bool trouble)
    {
        var r = interval.Requests[which];
        // Exponential tails on a typical time, and a queue in front of a broken cart.
        var service = Typical[which] * (0.6 - 0.45 * Math.Log(1 - random.NextDouble()));
        var broken = trouble && which >= 3;
        var response = service + (broken ? 300 + 900 * random.NextDouble() : trouble ? 40 * random.NextDouble() : 0.05);
        r.Asked++;
        r.Sent++;
        r.BytesSent += 180;
        r.BytesReceived += 2_400 + random.Next(6000);
        r.ResponseTime.Record(TimeSpan.FromMilliseconds(response));
        r.ServiceTime.Record(TimeSpan.FromMilliseconds(broken ? service * 4 : service));
        Phases(r, which, response - service, service, random);
        interval.Lateness.Record(TimeSpan.FromMicroseconds(20 + random.Next(80)));
        if (broken && random.NextDouble() < 0.8)
        {
            var timeout = random.NextDouble() < 0.2;
            r.Failed++;
            r.CountError(timeout ? RequestError.ResponseTimeout : RequestError.CheckFailed);
            if (!timeout)
                r.CountStatus(random.NextDouble() < 0.9 ? 503 : 500);
            r.ChecksFailed++;
            return;
        }
        r.Ok++;
        r.ChecksPassed++;
        r.CountStatus(which == 4 ? 201 : 200);
    }

    // The search sends large pages, the cart waits for connections while it is broken, and one request in ten opens a connection.
    private static void Phases(RequestInterval r, int which, double before, double service, Random random)
    {
        void Spent(RequestPhase phase, double milliseconds)
        {
            if (milliseconds > 0)
                r.Phases.Record(phase, TimeSpan.FromMilliseconds(milliseconds));
        }

        var receiving = which == 2 ? 0.4 : 0.02;
        var connecting = random.NextDouble() < 0.1 ? service * 0.1 : 0;
        Spent(RequestPhase.Connecting, connecting);
        Spent(RequestPhase.Waiting, (service - connecting) * (1 - receiving));
        Spent(RequestPhase.Receiving, (service - connecting) * receiving);
        if (before < 1)
            return;
        Spent(RequestPhase.Blocked, before * 0.98);
        r.Late += before > RequestInterval.LateLimit.TotalMilliseconds ? 1 : 0;
    }

    private static HostSample Host(int second, Random random, bool trouble) => new()
    {
        Host = "local",
        At = TimeSpan.FromSeconds(second + 1.004),
        Cores = 2,
        Cpu = new CpuShares((trouble ? 0.62 : 0.24) + random.NextDouble() * 0.06, 0.11 + random.NextDouble() * 0.04, random.NextDouble() * 0.02, random.NextDouble() * 0.01),
        Load = new LoadAverages(0.6 + second * 0.01 + (trouble ? 0.9 : 0), 0.55 + second * 0.003, 0.5),
        MemoryTotal = 24L << 30,
        MemoryUsed = (7L << 30) + second * 3_000_000L,
        Network = new ByteRates(780_000 + random.Next(60_000), 790_000 + random.Next(60_000)),
        Disk = new ByteRates(random.Next(20_000), 160_000 + random.Next(90_000)),
        Sockets = 212 + random.Next(20),
    };

    private const string Plan = """
        name: shop peak 双十一
        target: http://127.0.0.1:5080
        load:
          pv: { perDay: 3000000, share: 80%, window: 20%, perMachine: 58 }
          duration: 60s
          warmUp: 5s
        scenarios:
          - name: browse
            weight: 8
            steps:
              - get: /
              - get: http://127.0.0.1:5081/item/42   # a long comment that goes on and on, to see how the plan wraps when a line does not fit the page
              - get: http://127.0.0.1:5081/搜索?q=手机&page=1
          - name: buy
            weight: 2
            steps:
              - post: http://127.0.0.1:5082/cart
              - post: http://127.0.0.1:5083/order
        thresholds:
          - http_req_duration: p(95) < 500ms
          - http_req_failed: rate < 1%
        """;
}
