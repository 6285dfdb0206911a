using Pressure.Record;

namespace Pressure.Reports.Tests;

/// <summary>A mirror's session as it might have been.</summary>
internal static class MirrorSessions
{
    public static MirrorSession Full { get; } = new()
    {
        Id = "mirror-20261122-081500",
        StartedAt = new DateTimeOffset(2026, 11, 22, 8, 15, 0, TimeSpan.Zero),
        Seconds = 600.4,
        Production = "http://shop.example",
        Target = "https://shop-test.example:8443",
        Requests = 128_400,
        Failed = 3,
        Aborted = 21,
        Answers = new Dictionary<string, long> { ["2xx"] = 121_000, ["3xx"] = 5_000, ["4xx"] = 2_376 },
        Times = new(4.2, 18.4, 41.3, 812),
        Copies = new(
            new Dictionary<string, long>
            {
                ["copied"] = 100_000,
                ["method"] = 21_000,
                ["share"] = 5_000,
                ["upgrade"] = 12,
                ["body-too-large"] = 30,
                ["client-aborted"] = 21,
                ["production-failed"] = 3,
                ["queue-full"] = 1_204,
                ["breaker-open"] = 1_000,
                ["timed-out"] = 30,
                ["something-new"] = 100,
            },
            0,
            new Dictionary<string, long> { ["2xx"] = 98_000, ["3xx"] = 1_500, ["5xx"] = 500 },
            new(6.1, 31, 120, 4_980),
            new(4.3, 18.9, 42, 640),
            2,
            61_000_000),
        Recorded = new("shop.capture", 128_399, new Dictionary<string, long> { ["queue-full"] = 1 }, true, 41_022, null),
        Differences = ReplayRun.Differences with { NotCompared = new Dictionary<string, long> { ["no-answer"] = 2_334, ["no-room"] = 3 }, PartsLeftOut = new Dictionary<string, long>() },
    };

    /// <summary>Without differences, nothing lost.</summary>
    public static MirrorSession Plain { get; } = Full with
    {
        Requests = 400,
        Failed = 0,
        Aborted = 0,
        Answers = new Dictionary<string, long> { ["2xx"] = 400 },
        Copies = Full.Copies! with { Fates = new Dictionary<string, long> { ["copied"] = 400 }, Answers = new Dictionary<string, long> { ["2xx"] = 400 }, BreakerOpenings = 0 },
        Recorded = null,
        Differences = new DifferenceRecord { Compared = 400, Same = 400, Against = "primary" },
    };

    /// <summary>Recorded only, until the disk was full.</summary>
    public static MirrorSession RecordedOnly { get; } = Full with
    {
        Target = null,
        Copies = null,
        Differences = null,
        Recorded = new("/data/shop.capture", 90_000, new Dictionary<string, long> { ["failed"] = 38_400 }, false, 0, "No space left on device : '/data/shop.capture'"),
    };
}
