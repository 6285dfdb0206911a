using Pressure.LoadGen;
using Pressure.Record;
using Pressure.TrafficCopy;

namespace Pressure.Cluster.Tests;

/// <summary>Accounts come from elsewhere: what can't be is refused, and what contradicts the others is named.</summary>
public sealed class ReplayAccountRulesTests
{
    private readonly FakeCapture _capture = new FakeCapture().Get(1, 0, "/a").Get(1, 1000, "/b").Get(2, 500, "/a").Add(2, 900, "POST /a HTTP/1.1\r\nHost: x\r\n");

    private static readonly Dictionary<string, Func<ReplayAccount, ReplayAccount>> Poisons = new()
    {
        ["no captures"] = a => a with { Captures = [] },
        ["captures that are none"] = a => a with { Captures = [null!] },
        ["negative"] = a => a with { Sent = -1 },
        ["what overflows"] = a => a with { Planned = long.MaxValue, Sent = long.MaxValue },
        ["more than planned"] = a => a with { Sent = a.Planned + 1 },
        ["more of a capture than sent"] = a => a with { Captures = [a.Captures[0] with { Sent = a.Sent + 1 }] },
        ["more of a capture than it has"] = a => a with { Captures = [a.Captures[0] with { Replayed = 5 }] },
        ["words of their own"] = a => a with { Captures = [a.Captures[0] with { Skipped = new Dictionary<string, long> { ["<b>"] = 1 } }] },
        ["more held than sent"] = a => a with { Held = a.Sent },
        ["a torn histogram"] = a => a with { Errors = a.Errors[..^1] },
        ["a histogram of others"] = a => a with { Errors = Of(1_000_000) },
        ["no histogram"] = a => a with { Errors = new byte[300] },
        ["an endless histogram"] = a => a with { Errors = new byte[1 << 20] },
        ["a moment before the run"] = a => a with { LastDue = TimeSpan.FromSeconds(-1) },
        ["answers that nobody compares"] = a => a with { Differences = new() { Endpoints = [], NotCompared = new Dictionary<string, long>(), PartsLeftOut = new Dictionary<LeftOut, long>() } },
    };

    public static TheoryData<string> Names => [.. Poisons.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Nobody_can_tell(string what)
    {
        var told = Played();
        Assert.Null(Rules().WhyNot(told));
        Assert.NotNull(Rules().WhyNot(Poisons[what](told)));
    }

    [Fact]
    public void Those_who_have_read_everything_say_the_same_and_others_no_more()
    {
        var whole = Played();
        var part = whole with { IsWhole = false, Captures = [whole.Captures[0] with { Replayed = 1 }] };
        Assert.True(whole.IsWhole);
        Assert.Null(ReplayAccountRules.Conflict(part, whole));
        Assert.Null(ReplayAccountRules.Conflict(whole, whole));
        Assert.NotNull(ReplayAccountRules.Conflict(part with { IsWhole = true }, whole));
        var more = part with { Captures = [whole.Captures[0] with { Skipped = new Dictionary<string, long> { ["method"] = 1, ["cut"] = 1 } }] };
        Assert.NotNull(ReplayAccountRules.Conflict(more, whole));
        Assert.NotNull(ReplayAccountRules.Conflict(whole, more));
    }

    [Fact]
    public void Of_one_that_was_lost_the_sums_are_whole_and_the_record_says_whose_details_are_missing()
    {
        var (ledger, told) = (new ShareLedger(["a", "b"]), new[] { new ShareTotals(1), new ShareTotals(1) });
        var replay = Replay(ledger, told);
        var whole = Played();
        Count(told[0], whole.Sent);
        Count(told[1], 2);
        Assert.Null(replay.Take(new("a", 0, 0, whole)));
        Assert.Null(replay.Take(new("b", 1, 0, whole with { Planned = 1, Sent = 1, Held = 0, Errors = Of(1), Captures = [whole.Captures[0] with { Sent = 1 }] })));
        ledger.Lose("b");
        var kept = new Book();
        replay.Keep(kept, notMade: 7);
        Assert.Equal((whole.Sent + 2, whole.Planned + 2 + 7), (kept.Replay!.Sent, kept.Replay.Planned));
        Assert.Equal(new UntoldShare("b", 1, 1), Assert.Single(kept.Replay.Untold));
        Assert.Equal(whole.Sent + 1, kept.Replay.Captures[0].Sent);
    }

    [Fact]
    public void One_that_contradicts_the_others_is_named_once_and_left_out()
    {
        var (ledger, told) = (new ShareLedger(["a", "b"]), new[] { new ShareTotals(1), new ShareTotals(1) });
        var replay = Replay(ledger, told);
        var whole = Played();
        var other = whole with { Captures = [whole.Captures[0] with { Replayed = 2 }] };
        Assert.Null(replay.Take(new("a", 0, 0, whole)));
        Assert.Contains("worker b did not replay the captures that the others did", replay.Take(new("b", 1, 0, other)));
        Assert.Null(replay.Take(new("b", 1, 0, other)));
        Assert.Throws<InvalidDataException>(() => replay.Take(new("c", 1, 0, whole)));
        Assert.Throws<InvalidDataException>(() => replay.Take(new("a", 0, 0, whole with { Sent = -1 })));
        Count(told[1], 3);
        var kept = new Book();
        replay.Keep(kept, notMade: 0);
        Assert.Equal((3, new UntoldShare("b", 1, 3)), (kept.Replay!.Captures[0].Replayed, Assert.Single(kept.Replay.Untold)));
    }

    private static ReadOnlyMemory<byte> Of(int count)
    {
        var errors = new Histogram();
        errors.Record(TimeSpan.FromMilliseconds(1), count);
        return errors.Encode();
    }

    private static void Count(ShareTotals totals, long sent)
    {
        var second = new Interval(0, 0, 1);
        second.Requests[0].Asked = second.Requests[0].Sent = second.Requests[0].Ok = sent;
        totals.Add(second);
    }

    private ReplayAccount Played() => PlayedReplay.Of(Order, lanes: 1, _capture).Told;

    private ReplayAccountRules Rules() => new([_capture.Info], ["GET /a"], compares: false);

    private CrewReplay Replay(ShareLedger ledger, IReadOnlyList<ShareTotals> told)
    {
        var job = PlayedReplay.JobOf(Order, _capture);
        var plan = new LoadPlan { Name = "t", Target = job.Target, Duration = TimeSpan.FromSeconds(2), Load = new Load.Replay(Order), Scenarios = [new Scenario("replay", 1, ReplayEndpoints.Requests(job.Endpoints, job.Target))] };
        return new(new PreparedReplay(plan, job, ReplayScan.Of(job)), ledger, told);
    }

    private static ReplayOrder Order => new() { Captures = ["fake.capture"] };

    private sealed class Book : ICrewBook
    {
        public ReplayRecord? Replay { get; private set; }

        public void Keep(ReplayRecord replay, DifferenceRecord? differences) => Replay = replay;

        public void Keep(Interval second, GeneratorSample generator) => throw new NotSupportedException();

        public void Keep(Interval unsent) => throw new NotSupportedException();

        public void Watch(EngineSecond second, GeneratorSample generator) => throw new NotSupportedException();

        public void UsedUp(string data) => throw new NotSupportedException();

        public void Save(ReadOnlyMemory<byte> state) => throw new NotSupportedException();

        public void Tell(TimelineEvent what) => throw new NotSupportedException();
    }
}
