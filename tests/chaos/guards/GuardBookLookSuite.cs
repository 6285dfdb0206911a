using static Pressure.Chaos.Tests.Guards.BookFixture;

namespace Pressure.Chaos.Tests.Guards;

/// <summary>The same of every kind of book.</summary>
public abstract class GuardBookLookSuite
{
    private protected virtual OpenBook Open => GuardBook.Open;

    private BookFixture New(GuardRules? rules = null) => new(rules, Open);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Looking_says_the_same_and_counts_and_tells_nothing()
    {
        using var fixture = New(new GuardRules { Gap = TimeSpan.FromMinutes(5) });
        var before = fixture.Audit.Entries.Count;
        for (var i = 0; i < 10; i++)
            Assert.IsType<GuardAnswer.Permit>(await fixture.Book.LookAsync(Strike(2), Stop));
        Assert.Equal(before, fixture.Audit.Entries.Count);

        await fixture.PermitAsync(Strike(2));

        Assert.Equal(["gap"], Assert.IsType<GuardAnswer.Refused>(await fixture.Book.LookAsync(Strike(2), Stop)).Reasons.Select(r => r.Guard));
        Assert.Equal(before + 1, fixture.Audit.Entries.Count);
    }

    [Fact]
    public async Task Looking_asks_nobody_for_an_approval()
    {
        using var fixture = New();

        var refused = Assert.IsType<GuardAnswer.Refused>(await fixture.Book.LookAsync(Strike() with { Risky = true }, Stop));

        Assert.Contains("Running it asks for one", Assert.Single(refused.Reasons).Remedy);
        Assert.Empty(await fixture.Book.ApprovalsAsync(Stop));
    }
}
