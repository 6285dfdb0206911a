using System.Text.Json.Nodes;

namespace Pressure.Chaos;

/// <summary>
/// Strikes now and then, as its plan says. Each strike is an experiment of one step, so that opting in, protection, guards and undoing are as for any
/// other; before it begins it stands in the audit log. What was missed while nobody ran it, or while the machine slept, is not made up for.
/// </summary>
/// <param name="plan">Its plan.</param>
/// <param name="parts">What it reaches.</param>
public sealed class Monkey(MonkeyPlan plan, MonkeyParts parts)
{
    private static readonly TimeSpan LongestSleep = TimeSpan.FromMinutes(10), TooLate = TimeSpan.FromMinutes(1);

    private readonly MonkeyDice _dice = new(parts.Seed);
    private readonly List<Task> _striking = [];

    /// <summary>Runs until it is stopped; then every strike has been undone.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        try
        {
            // Yesterday's window may still be open past midnight.
            for (var day = Today().AddDays(-1); ; day = day.AddDays(1))
            {
                if (WorkingTime.Of(plan.Hours, day) is { } time && time.End > parts.Time.GetUtcNow())
                    await WorkAsync(time, stop);
                else
                    await UntilAsync(plan.Hours.Zone.At(day.ToDateTime(TimeOnly.MinValue)), stop);
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            await Task.WhenAll(_striking);
        }
    }

    /// <summary>One working day: throws the dice for every group that there is, and strikes when they say.</summary>
    private async Task WorkAsync(WorkingTime time, CancellationToken stop)
    {
        // Before the wait: a moment that passes while this wakes up late is struck late, not lost.
        var begun = parts.Time.GetUtcNow();
        await UntilAsync(time.Pieces[0].From, stop);
        var due = (await GroupsAsync(stop)).SelectMany(g => _dice.Strikes(g.Name, g.Mean, time).Select(at => (At: at, Group: g))).Where(d => d.At >= begun).OrderBy(d => d.At).ToList();
        foreach (var (at, group) in due)
        {
            await UntilAsync(at, stop);
            await ForgetDoneAsync();
            if (parts.Time.GetUtcNow() - at > TooLate)
                await TellAsync(group.Name, "missed", "Its moment passed while nobody was there; it is not made up for.");
            else
                _striking.Add(StrikeAsync(group, stop));
        }
        await UntilAsync(time.End, stop);
    }

    private async Task StrikeAsync(MonkeyGroup group, CancellationToken stop)
    {
        var strike = group.Strike;
        if (!await TellAsync(group.Name, "begins", $"{strike.Kind} for {DurationText.Of(strike.Duration)}, mean {group.Mean}"))
            return;
        var outcome = await parts.Strike(ExperimentOf(group), By, stop);
        await TellAsync(group.Name, outcome.Status.ToString().ToLowerInvariant(), Told(outcome));
    }

    private static string Told(ExperimentOutcome outcome)
    {
        IEnumerable<string> told = [.. outcome.Refusals.Select(r => $"[{r.Guard}] {r.Why}"), .. outcome.Left.Select(l => $"Left: {l}.")];
        return told.Any() ? string.Join(' ', told) : outcome.Why;
    }

    private async Task ForgetDoneAsync()
    {
        foreach (var done in _striking.Where(s => s.IsCompleted).ToList())
        {
            _striking.Remove(done);
            await done;
        }
    }

    /// <summary>The groups of now: those whose names are a label's values are as many as there are values that may be struck.</summary>
    private async Task<List<MonkeyGroup>> GroupsAsync(CancellationToken stop)
    {
        List<MonkeyGroup> groups = [.. plan.Groups.Where(g => g.By is null)];
        foreach (var group in plan.Groups.Where(g => g.By is not null))
        {
            var selector = group.Strike.Selector with { Mode = new SelectionMode.All(), Labels = new Dictionary<string, string>(group.Strike.Selector.Labels) { [group.By!] = "" } };
            try
            {
                if (Selecting.Choose(selector, await parts.Inventory.ListAsync(selector, stop), parts.Protection, new Random(0)) is Selection.Chosen chosen)
                    groups.AddRange(chosen.Matching.Select(c => c.Labels[group.By!]).Distinct().Order(StringComparer.Ordinal).Select(value => Of(group, value)));
            }
            catch (InventoryException e)
            {
                await TellAsync(group.Name, "failed", e.Message);
            }
        }
        return groups;
    }

    private static MonkeyGroup Of(MonkeyGroup group, string value)
    {
        var selector = group.Strike.Selector;
        return group with
        {
            Name = $"{group.Name}={value}",
            By = null,
            Strike = group.Strike with { Selector = selector with { Labels = new Dictionary<string, string>(selector.Labels) { [group.By!] = value } } },
        };
    }

    private Experiment ExperimentOf(MonkeyGroup group)
    {
        var title = $"Monkey {plan.Name}: {group.Name}";
        return new()
        {
            Title = title,
            Description = $"Struck now and then, {group.Mean} apart on average.",
            Method = [new Activity { Name = $"{group.Strike.Kind} on {group.Name}", IsProbe = false, Provider = group.Strike }],
            Document = new JsonObject { ["title"] = title, ["description"] = $"{group.Strike.Kind} on {group.Name}, mean {group.Mean}", ["method"] = new JsonArray() },
        };
    }

    private string By => $"monkey {plan.Name}";

    private DateOnly Today() => DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(parts.Time.GetUtcNow(), plan.Hours.Zone).DateTime);

    /// <summary>Waits by the wall clock, looking at it now and then: it may be set, and machines sleep.</summary>
    private async Task UntilAsync(DateTimeOffset moment, CancellationToken stop)
    {
        while (moment - parts.Time.GetUtcNow() is var left && left > TimeSpan.Zero)
            await Task.Delay(left < LongestSleep ? TimeSpan.FromMilliseconds(Math.Ceiling(left.TotalMilliseconds)) : LongestSleep, parts.Time, stop);
        stop.ThrowIfCancellationRequested();
    }

    /// <summary>Tells in the audit log; false if it can't be told, then it must not be done.</summary>
    private async Task<bool> TellAsync(string group, string outcome, string detail)
    {
        try
        {
            await parts.Audit.WriteAsync(new(By, "monkey", group, outcome, detail), CancellationToken.None);
            return true;
        }
        catch (GuardBookException e)
        {
            parts.Problem(e.Message);
            return false;
        }
    }
}

/// <summary>What a monkey reaches.</summary>
public sealed record MonkeyParts
{
    /// <summary>The clock.</summary>
    public required TimeProvider Time { get; init; }

    /// <summary>Its secret, the same after a restart (<see cref="MonkeySeed"/>).</summary>
    public required string Seed { get; init; }

    /// <summary>What there is to be struck.</summary>
    public required IInventory Inventory { get; init; }

    /// <summary>What is never struck.</summary>
    public required Protection Protection { get; init; }

    /// <summary>Runs an experiment of one step as somebody, to its end.</summary>
    public required Func<Experiment, string, CancellationToken, Task<ExperimentOutcome>> Strike { get; init; }

    /// <summary>Where everything that it does is told.</summary>
    public required IAudit Audit { get; init; }

    /// <summary>Is told what could not be told in the audit log, for people.</summary>
    public Action<string> Problem { get; init; } = _ => { };
}
