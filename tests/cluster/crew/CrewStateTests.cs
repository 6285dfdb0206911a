namespace Pressure.Cluster.Tests;

public sealed class CrewStateTests
{
    private static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(1.75);
    private static readonly TimeSpan End = TimeSpan.FromMinutes(1);

    private readonly CrewMember _a = Member("a");
    private readonly CrewMember _b = Member("b");
    private readonly ShareLedger _ledger = new(["a", "b"]);

    [Theory]
    [InlineData(2)]
    [InlineData(20)]
    public void A_share_goes_on_where_its_lease_has_surely_ended_however_wrong_the_successors_clock_is(int uncertainty)
    {
        _b.ClockUncertainty = Milliseconds(uncertainty);
        var state = State();
        Heard(state, _a, 1, 10_000);
        Heard(state, _b, 1, 11_400);

        Assert.Empty(state.Silent(Milliseconds(11_440)));
        Assert.Equal(("a", Milliseconds(1_460)), Assert.Single(state.Silent(Milliseconds(11_460))) is var (silent, silence) ? (silent.Name, silence) : default);
        var to = Assert.Single(state.TakeOver(Milliseconds(11_460), End, [])).To;
        Assert.Equal(("b", Milliseconds(11_775 + uncertainty), Milliseconds(25 + uncertainty)), (to.Worker, to.From, to.ClockSlack));
        Assert.Equal([new ShareHolder(0, 1, "b"), new ShareHolder(1, 0, "b")], _ledger.Holders);
    }

    [Fact]
    public void Who_was_heard_a_moment_before_its_patience_ended_keeps_its_share()
    {
        var state = State();
        for (var beat = 0; beat < 20; beat++)
        {
            Heard(state, _a, beat + 1, beat * 1_400);
            Heard(state, _b, beat + 1, beat * 1_400);
            Assert.Empty(state.Silent(Milliseconds((beat * 1_400) + 1_399)));
        }
    }

    [Fact]
    public void A_worker_that_has_nothing_yet_begins_when_it_can_have_everything()
    {
        var state = State();
        Heard(state, _b, 1, 11_400);
        Assert.NotEmpty(state.Silent(Milliseconds(11_460)));
        var spare = Member("c").Card;

        var (from, to) = Assert.Single(state.TakeOver(Milliseconds(11_460), End, [spare]));
        Assert.Equal(("a", "c", Milliseconds(12_360)), (from.Worker, to.Worker, to.From));
        // It was heard at 0 s for the last time.
        Assert.Equal(Milliseconds(12_360 - 1_750), to.ClockSlack);
    }

    [Fact]
    public void A_share_that_was_handed_back_needs_no_lease_to_end()
    {
        var state = State();
        Heard(state, _a, 1, 10_000);
        Heard(state, _b, 1, 10_000);
        var term = _ledger.Find(0, 0, "a")!;
        (_a.HasRefused, term.IsLost, term.Ended) = (true, true, new ShareEnded("a", 0, 0) { Seconds = 0, Until = TimeSpan.FromSeconds(10), Failure = "it was told to stop" });

        Assert.Equal(Milliseconds(10_260), state.TakeOver(Milliseconds(10_010), End, []).First(t => t.From.Worker == "a").To.From);
    }

    private CrewState State() => new(_ledger, [_a, _b], [1, 1], Heartbeat, Lease);

    private static void Heard(CrewState state, CrewMember member, long number, int at) => state.Take(new Beat(member.Name, member.Card.Instance, number, []), Milliseconds(at));

    private static CrewMember Member(string name) => new(new WorkerCard { Name = name, Instance = Guid.NewGuid(), Version = ScriptedWorker.OwnVersion }) { IsReady = name != "c" };

    private static TimeSpan Milliseconds(int count) => TimeSpan.FromMilliseconds(count);
}
