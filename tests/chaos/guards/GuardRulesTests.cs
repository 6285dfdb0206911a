namespace Pressure.Chaos.Tests.Guards;

public sealed class GuardRulesTests
{
    private const string Full = """
        budgets: [ { most: 20, per: 1m }, { kinds: "network-*", most: 5, per: 1h } ]
        coolDown: 2h
        gap: 30s
        gapPerGroup: 5m
        group: app
        blastRadius: { most: 10, mostPerGroup: 3, mostSharePerGroup: 50%, groups: { web: { most: 1, mostShare: 20% } } }
        hours: { zone: Asia/Shanghai, windows: [ { days: [ mon, tuesday ], from: '09:00', to: '17:30' }, { from: '22:00', to: '02:00' } ], holidays: [ 2026-10-01 ] }
        freezes:
          - { name: Double Eleven, zone: Asia/Shanghai, from: '2026-11-10T00:00', to: '2026-11-12T00:00' }
          - { name: nightly, zone: UTC, days: [ sun ], from: '23:00', to: '24:00' }
        approvals: { needed: true, validFor: 12h, uses: 3 }
        allowed: [ java, web-* ]
        protected: [ db-* ]
        """;

    [Fact]
    public void Limits_are_written_as_they_are_read()
    {
        var (rules, problems) = GuardRulesReader.Parse(Full, "limits.yaml");
        Assert.Empty(problems);
        var written = GuardRulesWriter.Write(rules!).ToJsonString();
        var again = GuardRulesReader.Parse(written, "limits.json");
        Assert.Empty(again.Problems);
        Assert.Equal(written, GuardRulesWriter.Write(again.Rules!).ToJsonString());
        Assert.Equal(rules!.Hours, again.Rules!.Hours);
        Assert.Equal(rules.Freezes, again.Rules.Freezes);
        Assert.Equal([DayOfWeek.Monday, DayOfWeek.Tuesday], rules.Hours!.Windows[0].Days);
        Assert.Equal(5, rules.Hours.Windows[1].Days.Count);
        Assert.Equal(0.2, rules.BlastRadius.Groups["web"].MostShare);
    }

    [Fact]
    public void What_is_left_away_is_as_by_default()
    {
        var (rules, problems) = GuardRulesReader.Parse("gap: 1m", "limits.yaml");
        Assert.Empty(problems);
        Assert.Equal(GuardRulesWriter.Write(new GuardRules { Gap = TimeSpan.FromMinutes(1) }).ToJsonString(), GuardRulesWriter.Write(rules!).ToJsonString());
    }

    [Fact]
    public void Everything_that_is_wrong_is_told_at_once_with_its_place_and_a_remedy()
    {
        var (rules, problems) = GuardRulesReader.Parse(
            """
            budgets: [ { most: -1, per: 1m }, { per: 2d }, { most: 1, per: 1m }, { most: 2, per: 1m } ]
            gapp: 5m
            gap: 5
            blastRadius: { most: many, mostSharePerGroup: 0.5 }
            hours: { zone: Europe/Atlantis, windows: [ { days: [ someday ], from: '25:00', to: '17:00' } ], holidays: [ tomorrow ] }
            freezes:
              - { name: a, zone: UTC, from: '2026-11-12T00:00', to: '2026-11-10T00:00' }
              - { zone: UTC, from: soon, to: later }
            approvals: { uses: 0 }
            """,
            "limits.yaml");
        Assert.Null(rules);
        string[] expected =
        [
            "approvals.uses", "blastRadius.most", "blastRadius.mostSharePerGroup", "budgets[0].most", "budgets[1].most", "budgets[1].per", "budgets[3].per", "freezes[0].to", "freezes[1].from",
            "freezes[1].name", "freezes[1].to", "gap", "gapp", "hours.holidays", "hours.windows[0].days", "hours.windows[0].from", "hours.zone",
        ];
        Assert.Equal(expected, problems.Select(p => p.Field).Distinct().Order(StringComparer.Ordinal));
        Assert.All(problems, p => Assert.True(p.Line > 0 && p.Remedy.Length > 0 && p.File == "limits.yaml"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("nonsense")]
    [InlineData("{ \"budgets\": ")]
    [InlineData("budgets: 5")]
    public void What_is_no_limits_is_a_problem_and_no_crash(string text)
    {
        var (rules, problems) = GuardRulesReader.Parse(text, "limits");
        Assert.Null(rules);
        Assert.NotEmpty(problems);
    }

    [Fact]
    public void A_file_that_is_not_there_is_a_problem() => Assert.Contains("can't be read", Assert.Single(GuardRulesReader.ReadFile("/nowhere/limits.yaml").Problems).Message);
}
