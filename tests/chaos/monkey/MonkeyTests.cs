using System.Globalization;
using System.Text.Json.Nodes;
using Pressure.Chaos.Tests.Guards;
using static Pressure.Chaos.Tests.Targets.SelectingTests;

namespace Pressure.Chaos.Tests.Monkeys;

public sealed class MonkeyTests
{
    private static readonly DateTimeOffset Begin = DateTimeOffset.Parse("2026-01-05T00:00Z", CultureInfo.InvariantCulture);

    private static readonly WeeklyWindow Office = Window("09:00", "15:00", WeeklyWindow.WorkingDays);

    /// <summary>G8.</summary>
    [Theory]
    [InlineData("Europe/Berlin", "09:00", "15:00", false, 5)]
    [InlineData("America/New_York", "22:00", "04:00", false, 2)]
    [InlineData("Australia/Lord_Howe", "01:30", "02:30", true, 3)]
    [InlineData("America/Sao_Paulo", "23:30", "00:30", true, 8)]
    [InlineData("Asia/Shanghai", "00:00", "24:00", false, 1.25)]
    public async Task Gaps_between_kills_are_geometric_over_ten_thousand_working_days(string zone, string from, string to, bool weekends, double mean)
    {
        var hours = new AllowedHours(Zones.Find(zone)!, [Window(from, to == "24:00" ? "00:00" : to, weekends ? WeeklyWindow.EveryDay : WeeklyWindow.WorkingDays)], []);
        var kills = await RunAsync(hours, new MonkeyMean(mean, null), TimeSpan.FromDays(weekends ? 10_000 : 14_000));
        var days = kills.Select(k => WorkingDayNumber(hours, k)).ToArray();

        Assert.All(kills, k => Assert.True(hours.Contain(k), $"{k} is outside of the allowed hours"));
        Assert.Equal(days.Length, days.Distinct().Count());
        var gaps = days.Zip(days.Skip(1), (one, other) => other - one).ToArray();
        var p = 1 / mean;
        var sigma = Math.Sqrt((1 - p) / (p * p) / gaps.Length);
        Assert.InRange(gaps.Average(), mean - (3 * sigma), mean + (3 * sigma));
        var (chi, degrees) = ChiSquareOfGaps(gaps, p);
        Assert.True(chi < Critical(degrees), $"chi-square {chi:0.0} with {degrees} degrees of freedom");
        var ofDay = kills.Select(k => ShareOfWindow(hours, k)).ToArray();
        Assert.True(ChiSquareOfEqual(ofDay, 8) < Critical(7), "moments are not spread evenly over the window");
        TestContext.Current.TestOutputHelper?.WriteLine(
            $"G8 {zone} {from}-{to}: {kills.Count} kills in 10,000 working days, mean gap {gaps.Average():0.000} (asked {mean}, {Math.Abs(gaps.Average() - mean) / sigma:0.00} sigma off), chi-square {chi:0.0} with {degrees} degrees");
    }

    [Fact]
    public async Task Hours_as_intervals_are_thrown_for_one_by_one_and_a_part_of_one_counts_as_a_part()
    {
        // Six and a half allowed hours a day, one strike in thirteen of them: one every second day.
        var hours = new AllowedHours(TimeZoneInfo.Utc, [Window("09:00", "15:30", WeeklyWindow.EveryDay)], []);
        var kills = await RunAsync(hours, MonkeyMean.Parse("13h")!, TimeSpan.FromDays(4000));
        Assert.InRange(kills.Count, 2000 - (3 * 45), 2000 + (3 * 45));
        Assert.Contains(kills.GroupBy(k => k.Date), g => g.Count() > 1);
    }

    [Fact]
    public async Task A_restart_in_the_middle_of_a_day_changes_nothing_and_what_was_missed_is_not_made_up_for()
    {
        var hours = new AllowedHours(TimeZoneInfo.Utc, [Office], []);
        var whole = await RunAsync(hours, new(2, null), TimeSpan.FromDays(60));
        List<DateTimeOffset> inPieces = [];
        for (var at = Begin; at < Begin.AddDays(60); at = at.AddHours(7))
            inPieces.AddRange(await RunAsync(hours, new(2, null), TimeSpan.FromHours(7), at));
        Assert.Equal(whole, inPieces);
        Assert.DoesNotContain(await RunAsync(hours, new(2, null), TimeSpan.FromDays(1), whole[0].AddSeconds(30)), k => k.Date == whole[0].Date);
    }

    [Fact]
    public async Task Who_does_not_know_the_seed_can_not_tell_and_groups_are_struck_independently()
    {
        var hours = new AllowedHours(TimeZoneInfo.Utc, [Office], []);
        var one = await RunAsync(hours, new(2, null), TimeSpan.FromDays(60));
        Assert.NotEqual(one, await RunAsync(hours, new(2, null), TimeSpan.FromDays(60), seed: "another"));
    }

    [Fact]
    public async Task A_strike_stands_in_the_audit_log_before_it_begins_and_when_that_fails_there_is_none()
    {
        var audit = new RememberedAudit();
        List<int> told = [];
        List<string> problems = [];
        using var time = new LeapingTime(Begin, Begin.AddDays(10));
        var plan = Plan(new(TimeZoneInfo.Utc, [Office], []), new MonkeyMean(1, null));
        var parts = Parts(time, audit, (_, _) => told.Add(audit.Entries.Count(e => e.Outcome == "begins"))) with { Problem = problems.Add };
        await new Monkey(plan, parts).RunAsync(time.Over);
        Assert.Equal(Enumerable.Range(1, 8), told);
        Assert.Contains(audit.Entries, e => e is { Who: "monkey test", What: "monkey", On: "web", Outcome: "completed" });

        audit.Full = true;
        told.Clear();
        using var later = new LeapingTime(Begin, Begin.AddDays(10));
        await new Monkey(plan, Parts(later, audit, (_, _) => told.Add(1)) with { Problem = problems.Add }).RunAsync(later.Over);
        Assert.Empty(told);
        Assert.Equal(8, problems.Count);
    }

    [Fact]
    public async Task What_passed_while_the_machine_slept_is_told_as_missed()
    {
        var audit = new RememberedAudit();
        using var time = new LeapingTime(Begin, Begin.AddDays(1));
        var kills = 0;
        var plan = Plan(new(TimeZoneInfo.Utc, [Office], []), new MonkeyMean(1, null), new MonkeyMean(1, null));
        await new Monkey(plan, Parts(time, audit, (_, _) =>
        {
            kills++;
            time.Sleep(TimeSpan.FromHours(7));
        })).RunAsync(time.Over);
        Assert.Equal(1, kills);
        Assert.Single(audit.Entries, e => e.Outcome == "missed");
    }

    [Fact]
    public async Task A_moment_that_passes_while_it_wakes_up_for_the_day_is_struck_all_the_same()
    {
        using var time = new LeapingTime(Begin, Begin.AddDays(10)) { Late = TimeSpan.FromSeconds(25) };
        var kills = 0;
        await new Monkey(Plan(new(TimeZoneInfo.Utc, [Window("09:00", "09:01", WeeklyWindow.WorkingDays)], []), new MonkeyMean(1, null)), Parts(time, new RememberedAudit(), (_, _) => kills++)).RunAsync(time.Over);
        Assert.Equal(8, kills);
    }

    [Fact]
    public async Task Every_value_of_a_label_that_may_be_struck_is_a_group_of_its_own()
    {
        Candidate[] all =
        [
            Container("web-1") with { Labels = Allowing(("app", "web")) }, Container("web-2") with { Labels = Allowing(("app", "web")) }, Container("item-1") with { Labels = Allowing(("app", "item")) },
            Container("db-1") with { Labels = new Dictionary<string, string> { ["app"] = "db" } }, Container("bare"),
        ];
        using var time = new LeapingTime(Begin, Begin.AddDays(1));
        List<TargetSelector> struck = [];
        var plan = Plan(new(TimeZoneInfo.Utc, [Office], []), new MonkeyMean(1, null));
        plan = plan with { Groups = [plan.Groups[0] with { By = "app" }] };
        await new Monkey(plan, Parts(time, new RememberedAudit(), (e, _) => struck.Add(((Provider.Fault)e.Method[0].Provider).Selector)) with { Inventory = new Listed(all) }).RunAsync(time.Over);
        Assert.Equal(["item", "web"], struck.Select(s => s.Labels["app"]).Order(StringComparer.Ordinal));
        Assert.All(struck, s => Assert.Equal("1", s.Mode is SelectionMode.One ? "1" : s.Mode.ToString()));
    }

    [Fact]
    public void A_name_runs_once_on_a_machine_and_keeps_its_seed()
    {
        using var folder = new TempFolder();
        string value;
        using (var seed = MonkeySeed.TryTake(folder.Path, "test"))
        {
            value = seed!.Value;
            Assert.Null(MonkeySeed.TryTake(folder.Path, "test"));
            using var other = MonkeySeed.TryTake(folder.Path, "other");
            Assert.NotEqual(value, other!.Value);
        }
        using var again = MonkeySeed.TryTake(folder.Path, "test");
        Assert.Equal(value, again!.Value);
    }

    private static async Task<List<DateTimeOffset>> RunAsync(AllowedHours hours, MonkeyMean mean, TimeSpan length, DateTimeOffset? begin = null, string seed = "seed")
    {
        using var time = new LeapingTime(begin ?? Begin, (begin ?? Begin) + length);
        List<DateTimeOffset> kills = [];
        await new Monkey(Plan(hours, mean), Parts(time, new RememberedAudit(), (_, _) => kills.Add(time.GetUtcNow())) with { Seed = seed }).RunAsync(time.Over);
        return kills;
    }

    private static MonkeyPlan Plan(AllowedHours hours, params MonkeyMean[] means) => new()
    {
        Name = "test",
        Hours = hours,
        Groups = [.. means.Select((m, i) => new MonkeyGroup(i == 0 ? "web" : $"web{i}", new Provider.Fault("container-kill", new() { Kind = TargetKind.Container, Labels = Allowing() }, TimeSpan.FromSeconds(30), new JsonObject()), m))],
    };

    private static MonkeyParts Parts(TimeProvider time, IAudit audit, Action<Experiment, string> strike) => new()
    {
        Time = time,
        Seed = "seed",
        Inventory = new Listed(),
        Protection = Protection.Usual,
        Audit = audit,
        Strike = (experiment, by, _) =>
        {
            strike(experiment, by);
            return Task.FromResult(new ExperimentOutcome("id", ExperimentStatus.Completed, false, [], []));
        },
    };

    private static WeeklyWindow Window(string from, string to, IReadOnlyList<DayOfWeek> days) => new(days, TimeOnly.Parse(from, CultureInfo.InvariantCulture), TimeOnly.Parse(to, CultureInfo.InvariantCulture));

    /// <summary>Counts working days from the beginning, by the calendar alone.</summary>
    private static int WorkingDayNumber(AllowedHours hours, DateTimeOffset kill)
    {
        var day = hours.WorkingDayOf(kill)!.Value.DayNumber - DateOnly.FromDateTime(Begin.Date).DayNumber;
        return hours.Windows[0].Days.Count == 7 ? day : (day / 7 * 5) + (day % 7);
    }

    private static double ShareOfWindow(AllowedHours hours, DateTimeOffset kill)
    {
        var time = WorkingTime.Of(hours, hours.WorkingDayOf(kill)!.Value)!;
        return time.Pieces.Sum(p => Math.Clamp((kill - p.From).TotalSeconds, 0, (p.To - p.From).TotalSeconds)) / time.Length.TotalSeconds;
    }

    private static (double Chi, int Degrees) ChiSquareOfGaps(int[] gaps, double p)
    {
        double chi = 0, left = 1;
        var bins = 0;
        for (var gap = 1; left * gaps.Length >= 10; gap++)
        {
            // The last bin takes all that is longer.
            var last = left * (1 - p) * gaps.Length < 10;
            var expected = gaps.Length * (last ? left : left * p);
            var found = gaps.Count(g => last ? g >= gap : g == gap);
            chi += (found - expected) * (found - expected) / expected;
            bins++;
            if (last)
                break;
            left *= 1 - p;
        }
        return (chi, bins - 1);
    }

    private static double ChiSquareOfEqual(double[] shares, int bins)
    {
        var expected = (double)shares.Length / bins;
        return Enumerable.Range(0, bins).Sum(b => Math.Pow(shares.Count(s => (int)(s * bins) == b) - expected, 2) / expected);
    }

    /// <summary>The chi-square that chance exceeds once in a thousand (Wilson and Hilferty).</summary>
    private static double Critical(int degrees) => degrees * Math.Pow(1 - (2.0 / (9 * degrees)) + (3.09 * Math.Sqrt(2.0 / (9 * degrees))), 3);

    private sealed class Listed(params Candidate[] candidates) : IInventory
    {
        public Task<IReadOnlyList<Candidate>> ListAsync(TargetSelector selector, CancellationToken stop) => Task.FromResult<IReadOnlyList<Candidate>>(candidates);
    }
}
