using Pressure.Record;

namespace Pressure.Reports.Tests;

/// <summary>A replay as it might have been: two captures of a shop at double speed, five clients for each, answers held against others.</summary>
internal static class ReplayRun
{
    public static ReplayRecord Replay { get; } = new()
    {
        Captures =
        [
            new("shop-evening.capture", 8_000, 7_930, 412, TimeSpan.FromSeconds(61.2)),
            new("/var/lib/pressure/captures/2026-11-20/edge-7.example.internal/eth0-port80.pcapng.gz", 2_000, 1_940, 87, TimeSpan.FromMinutes(2)),
        ],
        Speed = 2,
        Multiply = 5,
        Planned = 49_350,
        Sent = 49_321,
        Held = 214,
        Skipped = new Dictionary<string, long> { ["method"] = 101, ["incomplete"] = 17, ["smuggling"] = 2, ["cut"] = 0, ["somethingNew"] = 10 },
        Carried = 1_204,
        LeftOut = 12,
        Timing =
        [
            .. Enumerable.Range(1, 9).Select(d => new TimingPoint(10 * d, TimeSpan.FromMicroseconds(20 + d * d))),
            new(95, TimeSpan.FromMicroseconds(190)), new(99, TimeSpan.FromMicroseconds(870)), new(99.9, TimeSpan.FromMilliseconds(2.4)), new(99.99, TimeSpan.FromMilliseconds(4.1)), new(100, TimeSpan.FromMilliseconds(7.8)),
        ],
        Drift = 0.0004,
    };

    public static DifferenceRecord Differences { get; } = new()
    {
        Compared = 48_900,
        Same = 48_312,
        Against = "primary-secondary",
        NotCompared = new Dictionary<string, long> { ["no-answer"] = 30, ["behind"] = 391, ["somethingNew"] = 1 },
        PartsLeftOut = new Dictionary<string, long> { ["cut"] = 74, ["masked"] = 9_100 },
        Fields =
        [
            new("GET /item/{id}", "$.price", "changed", 502, 20_100, 0, [new("/item/42?currency=EUR", "1999", "1998.5"), new("/item/7", "12", "12.5"), new("/item/8", "1", "2")]),
            new("GET /item/{id}", "$.stock", "type", 60, 20_100, 2, [new("/item/9", "17", "\"17\"")]),
            new("GET /item/{id}", "header:Cache-Control", "missing", 20, 20_100, 0, [new("/item/1", "public, max-age=60", null)]),
            new("GET /搜索", "$.items", "length", 31, 8_000, 0, [new("/%E6%90%9C%E7%B4%A2?q=%E6%89%8B%E6%9C%BA", "20", "19")]),
            new("GET /搜索", "$.items[*]['<b>bold</b> & name'].a.very.long.path.that.goes.on.and.on.until.it.does.not.fit", "added", 3, 8_000, 0, [new("/%E6%90%9C%E7%B4%A2?q=<script>alert(1)</script>", null, "\"<img src=x onerror=alert(1)>" + new string('x', 120) + "\"")]),
            new("GET /", "status", "changed", 4, 9_000, 0, [new("/", "200", "503")]),
            new("GET /", "body", "changed", 2, 9_000, 0, [new("/", "4120/18213: …<h2>Offers of the week</h2>\n  <ul><li>Tea</li>", "4120/18215: …<h2>Offers of the month</h2>\n  <ul><li>Tea</li>")]),
            new("GET /item/{id}", "$.servedAt", "changed", 20_100, 20_100, 20_100, []) { IsNoise = true },
            new("GET /", "cookie:visit", "changed", 410, 9_000, 402, []) { IsNoise = true },
        ],
        MoreFields = 3,
    };

    public static RunRecord Build(ReplayRecord? replay = null, DifferenceRecord? differences = null, params string[] thresholds)
    {
        var run = DemoRun.Build(troubled: false, failing: false);
        return run with
        {
            Manifest = run.Manifest with
            {
                Name = "shop, replayed 回放",
                WarmUp = TimeSpan.Zero,
                Load = new LoadManifest { Kind = LoadManifest.ReplayKind, Arrivals = "uniform", Segments = [], Total = 49_350 },
                Thresholds = [.. thresholds.Select(t => new ThresholdManifest("answers_differing", t))],
            },
            Events = [.. run.Events.Where(e => e is not TimelineEvent.WarmUpEnded)],
            Replay = replay,
            Differences = differences,
            PlanText = "name: shop, replayed 回放\ntarget: http://127.0.0.1:5080\nload:\n  replay:\n    captures: [ shop-evening.capture, eth0-port80.pcapng.gz ]\n    speed: 2x\n    multiply: 5\n",
        };
    }
}
