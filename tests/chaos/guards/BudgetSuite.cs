using static Pressure.Chaos.Tests.Guards.BookFixture;

namespace Pressure.Chaos.Tests.Guards;

/// <summary>The same of every kind of book.</summary>
public abstract class BudgetSuite
{
    private protected virtual OpenBook Open => GuardBook.Open;

    private BookFixture New(GuardRules? rules = null) => new(rules, Open);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_hundred_who_ask_at_once_get_exactly_the_budget_and_the_circuit_opens_once()
    {
        using var fixture = New(Rules(20));
        var answers = await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => Task.Run(() => fixture.AskAsync(Strike()))));
        Assert.Equal(20, answers.Count(a => a is GuardAnswer.Permit));
        Assert.Equal(100, fixture.Audit.Entries.Count(e => e.What == "strike"));
        Assert.Single(fixture.Audit.Entries, e => e.What == "circuit" && e.Outcome == "opened");
    }

    [Fact]
    public async Task A_deed_is_counted_with_all_its_strikes_or_with_none()
    {
        using var fixture = New(Rules(10));
        await fixture.PermitAsync(Strike(8));
        Assert.Equal(["budget"], await fixture.RefusalsAsync(Strike(3)));
        await fixture.Book.CloseCircuitsAsync(null, "bob", Stop);
        await fixture.PermitAsync(Strike(2));
        Assert.Equal(10, Assert.Single(await fixture.Book.BudgetsAsync(Stop)).Used);
    }

    [Fact]
    public async Task What_can_not_be_told_of_is_not_permitted_and_not_counted()
    {
        using var fixture = New(Rules(10));
        fixture.Audit.Full = true;
        Assert.Equal("book", (await fixture.RefusalAsync(Strike())).Guard);
        fixture.Audit.Full = false;
        Assert.Equal(0, Assert.Single(await fixture.Book.BudgetsAsync(Stop)).Used);
    }

    [Fact]
    public async Task An_open_circuit_stays_open_until_a_person_closes_it_though_the_window_has_passed_and_the_program_was_restarted()
    {
        using var fixture = New(Rules(1));
        await fixture.PermitAsync(Strike());
        var refusal = await fixture.RefusalAsync(Strike());
        Assert.Contains("used up: 1 of 1, and 1 more is asked for", refusal.Why);
        Assert.Contains("It would fit from 2026-06-03 10:01:00 UTC on.", refusal.Remedy);
        Assert.Contains("pressure chaos guards close '* per 1m'", refusal.Remedy);
        fixture.Clock.Advance(TimeSpan.FromHours(1));
        fixture.Restart();
        Assert.Contains("is open since 2026-06-03 10:00:00 UTC", (await fixture.RefusalAsync(Strike())).Why);
        Assert.Equal(1, await fixture.Book.CloseCircuitsAsync("* per 1m", "bob", Stop));
        await fixture.PermitAsync(Strike());
        Assert.Contains(fixture.Audit.Entries, e => e is { Who: "bob", What: "circuit", On: "* per 1m", Outcome: "closed" });
    }

    [Fact]
    public async Task With_a_cool_down_a_circuit_closes_by_itself()
    {
        using var fixture = New(Rules(1) with { CoolDown = TimeSpan.FromMinutes(10) });
        await fixture.PermitAsync(Strike());
        Assert.Contains("closes by itself from 2026-06-03 10:10:00 UTC on", (await fixture.RefusalAsync(Strike())).Remedy);
        fixture.Clock.Advance(TimeSpan.FromMinutes(10) - TimeSpan.FromTicks(1));
        Assert.Equal(["budget"], await fixture.RefusalsAsync(Strike()));
        fixture.Clock.Advance(TimeSpan.FromTicks(1));
        await fixture.PermitAsync(Strike());
    }

    [Fact]
    public async Task The_window_slides_and_a_strike_leaves_it_exactly_at_its_end()
    {
        using var fixture = New(Rules(2));
        await fixture.PermitAsync(Strike());
        fixture.Clock.Advance(TimeSpan.FromSeconds(30));
        await fixture.PermitAsync(Strike());
        fixture.Clock.Advance(TimeSpan.FromSeconds(30) - TimeSpan.FromTicks(1));
        Assert.Equal(2, Assert.Single(await fixture.Book.BudgetsAsync(Stop)).Used);
        fixture.Clock.Advance(TimeSpan.FromTicks(1));
        await fixture.PermitAsync(Strike());
    }

    [Fact]
    public async Task Setting_the_wall_clock_back_or_forward_refills_nothing()
    {
        using var fixture = New(Rules(1) with { CoolDown = TimeSpan.FromMinutes(1) });
        await fixture.PermitAsync(Strike());
        foreach (var hours in new[] { -48, +96, -20_000, +40_000 })
        {
            fixture.Clock.SetWall(TimeSpan.FromHours(hours));
            Assert.Equal(["budget"], await fixture.RefusalsAsync(Strike()));
        }
        fixture.Clock.Advance(TimeSpan.FromMinutes(1));
        await fixture.PermitAsync(Strike());
    }

    [Fact]
    public async Task A_boot_moves_the_book_by_what_the_wall_clock_says_and_never_back()
    {
        using var fixture = New(Rules(1));
        await fixture.PermitAsync(Strike());
        fixture.Clock.Reboot(TimeSpan.FromDays(-3));
        fixture.Restart("boot-2");
        Assert.Equal(["budget"], await fixture.RefusalsAsync(Strike()));
        await fixture.Book.CloseCircuitsAsync(null, "bob", Stop);
        fixture.Clock.Reboot(TimeSpan.FromMinutes(2));
        fixture.Restart("boot-3");
        await fixture.PermitAsync(Strike());
    }

    [Fact]
    public async Task Budgets_of_kinds_count_their_kinds_only_and_all_refusals_come_at_once()
    {
        using var fixture = New(new GuardRules { Budgets = [new("network-*", 1, TimeSpan.FromHours(1)), new("*", 2, TimeSpan.FromMinutes(5))] });
        await fixture.PermitAsync(Strike(kind: "network-loss"));
        await fixture.PermitAsync(Strike(kind: "container-kill"));
        Assert.Equal(["budget", "budget"], await fixture.RefusalsAsync(Strike(kind: "network-delay")));
        var standing = await fixture.Book.BudgetsAsync(Stop);
        Assert.Equal([1, 2], standing.Select(s => s.Used));
        Assert.All(standing, s => Assert.NotNull(s.Circuit));
    }

    [Fact]
    public async Task More_at_once_than_the_whole_budget_is_refused_without_opening_anything()
    {
        using var fixture = New(Rules(3));
        Assert.Contains("more than the whole budget", (await fixture.RefusalAsync(Strike(4))).Why);
        await fixture.PermitAsync(Strike(3));
    }

    [Fact]
    public async Task What_is_refused_for_another_reason_opens_no_circuit()
    {
        using var fixture = New(Rules(1) with { BlastRadius = new() { Most = 1 } });
        await fixture.PermitAsync(Strike());
        Assert.Equal(["blast radius", "budget"], await fixture.RefusalsAsync(Strike(1, app: "other")));
        Assert.DoesNotContain(fixture.Audit.Entries, e => e.What == "circuit");
    }

    private protected static GuardRules Rules(int most) => new() { Budgets = [new("*", most, TimeSpan.FromMinutes(1))] };
}
