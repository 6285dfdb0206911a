using static Pressure.Chaos.Tests.Guards.BookFixture;

namespace Pressure.Chaos.Tests.Guards;

/// <summary>The same of every kind of book.</summary>
public abstract class GuardBookSuite
{
    private protected virtual OpenBook Open => GuardBook.Open;

    private BookFixture New(GuardRules? rules = null) => new(rules, Open);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private static readonly TimeZoneInfo Berlin = Zones.Find("Europe/Berlin")!;

    [Fact]
    public async Task Out_of_the_box_a_strike_is_permitted_and_told_of()
    {
        using var fixture = New();
        await fixture.PermitAsync(Strike(2));
        var line = Assert.Single(fixture.Audit.Entries);
        Assert.Equal(("ann", "strike", "container-kill on web-0, web-1", "permitted"), (line.Who, line.What, line.On, line.Outcome));
    }

    [Fact]
    public async Task All_refusals_come_at_once_each_with_what_to_do_and_from_when_on()
    {
        // Wednesday 3 June 2026, 12:00 in Berlin.
        using var fixture = New(new GuardRules
        {
            Hours = new(Berlin, [new(WeeklyWindow.WorkingDays, new(13, 0), new(17, 0))], []),
            Freezes = [new Freeze.Once("release", Berlin, new(2026, 6, 3, 11, 0, 0), new(2026, 6, 3, 14, 30, 0))],
            BlastRadius = new() { MostSharePerGroup = 0.25 },
        });
        new GlobalStop(fixture.Folder).Set(new Halt("bob", fixture.Clock.GetUtcNow(), "fire drill"));
        var refused = Assert.IsType<GuardAnswer.Refused>(await fixture.AskAsync(Strike(5) with { Risky = true }));
        Assert.Equal(["stop", "freeze", "hours", "approval", "blast radius"], refused.Reasons.Select(r => r.Guard));
        Assert.Contains("allowed from 2026-06-03 14:30:00 +02:00 (Europe/Berlin) on", refused.Reasons[1].Remedy);
        Assert.Contains("It is 2026-06-03 12:00:00 +02:00", refused.Reasons[2].Why);
        Assert.Contains("5 of the 10 of 'web' would be under fault at once, and 25% may be.", refused.Reasons[4].Why);
        Assert.All(refused.Reasons, r => Assert.NotEmpty(r.Remedy));
    }

    [Fact]
    public async Task The_global_stop_outranks_everything_and_says_why()
    {
        using var fixture = New();
        Assert.Null(fixture.Book.Halted);
        new GlobalStop(fixture.Folder).Set(new Halt("bob", fixture.Clock.GetUtcNow(), "fire drill"));
        Assert.Contains("fire drill", fixture.Book.Halted);
        Assert.Equal("stop", (await fixture.RefusalAsync(Strike())).Guard);
    }

    [Fact]
    public async Task The_gap_holds_between_deeds_not_within_one_and_not_within_a_run()
    {
        using var fixture = New(new GuardRules { Gap = TimeSpan.FromMinutes(5) });
        await fixture.PermitAsync(Strike(3) with { Run = "r1" });
        fixture.Clock.Advance(TimeSpan.FromSeconds(30));
        await fixture.PermitAsync(Strike() with { Run = "r1" });
        fixture.Clock.Advance(TimeSpan.FromSeconds(30));
        var refusal = await fixture.RefusalAsync(Strike() with { Run = "r2" });
        Assert.Contains("The last strike was 30s ago", refusal.Why);
        Assert.Contains("from 2026-06-03 10:05:30 UTC on", refusal.Remedy);
        Assert.Equal(["gap"], await fixture.RefusalsAsync(Strike()));
        fixture.Clock.Advance(TimeSpan.FromMinutes(4.5));
        await fixture.PermitAsync(Strike() with { Run = "r2" });
    }

    [Fact]
    public async Task The_gap_of_a_group_holds_for_that_group()
    {
        using var fixture = New(new GuardRules { GapPerGroup = TimeSpan.FromMinutes(5) });
        await fixture.PermitAsync(Strike(app: "web"));
        await fixture.PermitAsync(Strike(app: "item"));
        Assert.Contains("'web' was last struck", (await fixture.RefusalAsync(Strike(app: "web"))).Why);
    }

    [Fact]
    public async Task The_blast_radius_counts_what_others_have_under_fault_until_it_ends_or_is_told_to_have_ended()
    {
        using var fixture = New(new GuardRules { BlastRadius = new() { MostPerGroup = 2, Most = 3 } });
        var first = Strike(2);
        var permit = (GuardAnswer.Permit)await fixture.AskAsync(first);
        var other = first with { Targets = [first.Matching[5]] };
        Assert.Contains("3 of 'web' would be under fault at once, and 2 may be", (await fixture.RefusalAsync(other)).Why);
        await fixture.PermitAsync(first);
        await fixture.PermitAsync(Strike(app: "item"));
        await fixture.Book.EndedAsync(permit);
        fixture.Clock.Advance(TimeSpan.FromSeconds(30));
        await fixture.PermitAsync(other);
    }

    [Fact]
    public async Task The_experiments_own_limits_and_what_it_has_struck_already_count_too()
    {
        using var fixture = New();
        var settings = new ExperimentSettings { MaxTargets = 3, MaxShare = 0.5 };
        await fixture.PermitAsync(Strike(3, of: 6) with { Settings = settings });
        Assert.Contains("the experiment allows 3", (await fixture.RefusalAsync(Strike(2, of: 8) with { Settings = settings, AlreadyStruck = 2 })).Why);
        Assert.Contains("3 of the 5 of 'web' would be under fault at once, and the experiment allows 50%", (await fixture.RefusalAsync(Strike(3, of: 5) with { Settings = settings })).Why);
    }

    [Fact]
    public async Task A_group_may_have_limits_of_its_own()
    {
        using var fixture = New(new GuardRules { BlastRadius = new() { MostPerGroup = 5, Groups = new Dictionary<string, GroupLimit> { ["db"] = new(1, null), ["web"] = new(null, 0.2) } } });
        Assert.Equal(["blast radius"], await fixture.RefusalsAsync(Strike(2, app: "db")));
        Assert.Equal(["blast radius"], await fixture.RefusalsAsync(Strike(3, app: "web")));
        await fixture.PermitAsync(Strike(5, app: "item"));
    }

    [Fact]
    public async Task What_is_risky_needs_somebody_else_and_once_used_it_needs_them_again()
    {
        using var fixture = New();
        var risky = Strike() with { Risky = true, ExperimentHash = "h1" };
        var refusal = await fixture.RefusalAsync(risky);
        var waiting = Assert.Single(await fixture.Book.ApprovalsAsync(Stop));
        Assert.Contains($"pressure chaos approve {waiting.Id}", refusal.Remedy);
        Assert.Contains("Ann asked for it", await fixture.Book.ApproveAsync(waiting.Id, " Ann ", Stop));
        Assert.Null(await fixture.Book.ApproveAsync(waiting.Id, "bob", Stop));
        Assert.Equal(["approval"], await fixture.RefusalsAsync(risky with { ExperimentHash = "h2" }));
        Assert.Equal(["approval"], await fixture.RefusalsAsync(risky with { Experiment = "another" }));
        Assert.Contains("who approved it is the one who asks", (await fixture.RefusalAsync(risky with { By = "BOB" })).Why);
        await fixture.PermitAsync(risky with { Run = "r1" });
        await fixture.PermitAsync(risky with { Run = "r1" });
        Assert.Equal(["approval"], await fixture.RefusalsAsync(risky with { Run = "r2" }));
        Assert.Contains((await fixture.Book.ApprovalsAsync(Stop)), a => a is { State: ApprovalState.UsedUp, Used: 1, DecidedBy: "bob" });
    }

    [Fact]
    public async Task Asking_again_asks_for_one_approval_only_and_it_ends_with_its_time()
    {
        using var fixture = New(new GuardRules { Approvals = new() { ValidFor = TimeSpan.FromHours(1), Uses = 2 } });
        var risky = Strike() with { Settings = new() { Risky = true } };
        await fixture.RefusalsAsync(risky);
        await fixture.RefusalsAsync(risky);
        var id = Assert.Single(await fixture.Book.ApprovalsAsync(Stop)).Id;
        fixture.Clock.Advance(TimeSpan.FromMinutes(50));
        Assert.Null(await fixture.Book.ApproveAsync(id, "bob", Stop));
        fixture.Clock.Advance(TimeSpan.FromMinutes(50));
        await fixture.PermitAsync(risky);
        fixture.Clock.SetWall(TimeSpan.FromHours(-10));
        fixture.Clock.Advance(TimeSpan.FromMinutes(10));
        Assert.Equal(["approval"], await fixture.RefusalsAsync(risky));
        Assert.Contains("is expired", await fixture.Book.ApproveAsync(id, "bob", Stop));
    }

    [Fact]
    public async Task What_was_rejected_stays_so_and_nobody_decides_twice_or_of_nothing()
    {
        using var fixture = New();
        var asked = await fixture.Book.RequestApprovalAsync("an experiment", "", "ann", "for the rehearsal", Stop);
        Assert.Null(await fixture.Book.RejectAsync(asked.Id, "bob", Stop));
        Assert.Contains("is rejected (by bob)", await fixture.Book.ApproveAsync(asked.Id, "carl", Stop));
        Assert.Contains("There is no request nonsense", await fixture.Book.ApproveAsync("nonsense", "carl", Stop));
        Assert.Equal(["approval"], await fixture.RefusalsAsync(Strike() with { Risky = true }));
    }

    [Fact]
    public async Task Limits_and_freezes_are_kept_and_every_change_is_told_of()
    {
        using var fixture = New(new GuardRules { Gap = TimeSpan.FromMinutes(1), Protected = ["db-*"], Allowed = ["java"] });
        await fixture.Book.AddFreezeAsync(new Freeze.Weekly("nightly", Berlin, new(WeeklyWindow.EveryDay, new(23, 0), new(2, 0))), "ann", Stop);
        fixture.Restart();
        var rules = await fixture.Book.RulesAsync(Stop);
        Assert.Equal("nightly", Assert.Single(rules.Freezes).Name);
        Assert.Equal(["db-*"], rules.Protect(Protection.Usual).Names);
        Assert.True(await fixture.Book.RemoveFreezeAsync("nightly", "ann", Stop));
        Assert.False(await fixture.Book.RemoveFreezeAsync("nightly", "ann", Stop));
        Assert.Equal(3, fixture.Audit.Entries.Count(e => e.What == "rules"));
    }
}
