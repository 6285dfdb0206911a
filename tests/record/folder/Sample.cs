using System.Reflection;

namespace Pressure.Record.Tests;

/// <summary>One of everything that a run folder holds, with no member left at its default.</summary>
internal static class Sample
{
    public const string Plan = "name: Käse 页面\ntarget: http://127.0.0.1:1\n";

    public static RunManifest Manifest { get; } = new()
    {
        Id = "20260101-000000-test-4f2a",
        Name = "商店 <peak>",
        Target = "http://127.0.0.1:1/",
        StartedAt = new DateTimeOffset(2026, 1, 1, 8, 0, 0, TimeSpan.Zero),
        Version = "0.1.0",
        Duration = TimeSpan.FromSeconds(60),
        WarmUp = TimeSpan.FromMilliseconds(1_500),
        Load = new LoadManifest
        {
            Kind = "pv",
            Segments = [new RateSegment(TimeSpan.Zero, TimeSpan.FromSeconds(60), 138.5, 139)],
            Arrivals = "uniform",
            Total = 8_340,
            PageViews = new PageViewManifest
            {
                PerDay = 3e6,
                RequestsPerPage = 1,
                Share = 0.8,
                DaySeconds = 86_400,
                Window = 0.2,
                Event = 1,
                Qps = 138.88888888888889,
                TargetQps = 139,
                PerMachineQps = 58,
                Machines = 3,
            },
        },
        Requests =
        [
            new RequestManifest("browse", "shop", "GET", "http://127.0.0.1:1/item", "shop", 0.7),
            new RequestManifest("buy", "shop", "POST", "http://127.0.0.1:1/购买", "order", 0.3),
        ],
        Thresholds = [new ThresholdManifest("http_req_duration", "p(95) < 500ms")],
        Hosts = ["local"],
        Crew = new CrewManifest
        {
            Workers =
            [
                new() { Name = "北 1", Region = "eu", Capacity = 12_000.5, ClockOffset = TimeSpan.FromMilliseconds(-3.25), ClockUncertainty = TimeSpan.FromMicroseconds(700), Cores = 8 },
                new() { Name = "south" },
            ],
            Weights = [3, 1],
            Heartbeat = TimeSpan.FromSeconds(3),
            Lease = TimeSpan.FromSeconds(7.5),
            Tolerance = 0.015,
        },
        ProcessId = Environment.ProcessId,
        ProcessStart = RunFolder.ProcessStart(Environment.ProcessId) ?? 0,
    };

    public static Interval Interval(int second, int share = 0)
    {
        var interval = new Interval(share, second, 2)
        {
            IterationsStarted = 10,
            IterationsEnded = 9,
            IterationsDropped = 1,
            OpenConnections = 64,
            InFlight = 3,
        };
        interval.Lateness.Record(TimeSpan.FromMicroseconds(40), 9);
        interval.Lateness.Record(TimeSpan.Zero);
        var request = interval.Requests[0];
        (request.Asked, request.Sent, request.NotSent, request.Ok, request.Failed) = (10 + second, 9, 1, 7, 2);
        (request.ChecksPassed, request.ChecksFailed, request.BytesSent, request.BytesReceived) = (7, 1, 12_345, 987_654_321);
        for (var i = 1; i <= 9; i++)
        {
            request.ResponseTime.Record(TimeSpan.FromMilliseconds(i * 1.7));
            request.ServiceTime.Record(TimeSpan.FromMilliseconds(i));
            request.Phases.Record(RequestPhase.Waiting, TimeSpan.FromMilliseconds(i * 0.9));
        }
        request.Phases.Record(RequestPhase.Handshaking, TimeSpan.FromMilliseconds(3));
        request.Late = 2;
        request.ResponseTime.Record(TimeSpan.FromHours(2));
        request.CountStatus(200, 7);
        request.CountStatus(503);
        request.CountStatus(99);
        request.CountError(RequestError.CheckFailed);
        request.CountError(RequestError.Stopped);
        return interval;
    }

    public static HostSample Host(int second) => new()
    {
        Host = "local",
        At = TimeSpan.FromSeconds(second) + TimeSpan.FromTicks(1_234_567),
        Cores = 2,
        Cpu = new CpuShares(0.5, 0.25, 0.125, 0.0625),
        Load = new LoadAverages(1.5, 0.7, 0.1),
        MemoryTotal = 24L << 30,
        MemoryUsed = 3L << 30,
        Network = new ByteRates(1e6, 2e6),
        Disk = new ByteRates(3e6, 4e6),
        Sockets = 77,
    };

    public static GeneratorSample Generator(int second) => new()
    {
        At = TimeSpan.FromSeconds(second),
        Cpu = 0.9,
        BusiestLane = 0.45,
        LateP50 = TimeSpan.FromMicroseconds(24),
        LateP99 = TimeSpan.FromMicroseconds(94),
        Memory = 33 << 20,
    };

    /// <summary>One event of every kind, found by reflection, so that none can be forgotten.</summary>
    public static IReadOnlyList<TimelineEvent> EventOfEveryKind() =>
        [.. typeof(TimelineEvent).GetNestedTypes().Where(t => t.IsSubclassOf(typeof(TimelineEvent))).Select(Make)];

    private static TimelineEvent Make(Type kind, int at)
    {
        var constructor = kind.GetConstructors(BindingFlags.Public | BindingFlags.Instance).Single();
        var arguments = constructor.GetParameters().Select((p, i) => Value(p.ParameterType, i + 1, at)).ToArray();
        return (TimelineEvent)constructor.Invoke(arguments);
    }

    private static SearchPlateau Plateau { get; } = new()
    {
        Number = 3,
        Phase = SearchPhase.StepDown,
        Rate = 420.5,
        FromSecond = 12,
        Seconds = 8,
        Asked = 3364,
        Ok = 3300,
        Failed = 60,
        Mean = 12.5,
        P95 = 30,
        Criteria = [new("http_req_duration", "p(95) < 20ms", 20, false, 30), new("checks", "rate > 1%", 0.01, false)],
        Outcome = PlateauOutcome.Broke,
    };

    private static object Value(Type type, int position, int at) =>
        type == typeof(TimeSpan) ? TimeSpan.FromSeconds(at + position / 10.0)
        : type == typeof(string) ? $"text {position} \"文\""
        : type == typeof(int) ? position
        : type == typeof(long) ? (long)position
        : type == typeof(double) ? position + 0.1
        : type == typeof(bool) ? true
        : type == typeof(double?) ? position + 0.2
        : type == typeof(StuckLane?) ? new StuckLane(1, TimeSpan.FromSeconds(20))
        : type == typeof(SearchPlateau) ? Plateau
        : type == typeof(SearchResult) ? new SearchResult { Ending = SearchEnding.Found, Holds = 420, Breaks = 441, BrokenBy = Plateau.Criteria[0], Confirmed = true, Knee = 300, Confidence = 0.9, Near = 9, Agreeing = 8 }
        : type.IsEnum ? Enum.GetValues(type).GetValue(1)!
        : throw new NotSupportedException($"Say here how to make a {type.Name} for an event.");
}
