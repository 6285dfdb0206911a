using System.Text.Json.Nodes;

namespace Pressure.Chaos;

/// <summary>Lets kept monkeys loose and calls them back; each strike is a drill of the desk. Those that ran run again after a restart. Thread-safe.</summary>
/// <param name="shelf">The monkeys that are kept.</param>
/// <param name="drills">Runs their strikes.</param>
/// <param name="parts">What they reach.</param>
/// <param name="stateFolder">The machine's chaos state, where each monkey has its secret and its lock.</param>
/// <param name="audit">Where everything that they do is told.</param>
/// <param name="secret">A monkey's secret where several nodes share it, so that its dice fall alike whichever runs it; null where <see cref="LeadAsync"/> is not called.</param>
public sealed class MonkeyDesk(MonkeyShelf shelf, DrillDesk drills, DeskParts parts, string stateFolder, IAudit audit, Func<string, string>? secret = null) : IAsyncDisposable
{
    private readonly Dictionary<string, Loose> _loose = [];
    private readonly Dictionary<string, string> _problems = [];
    private readonly SemaphoreSlim _gate = new(1);
    private readonly Lock _look = new();

    /// <summary>Who a monkey's strikes are begun by.</summary>
    public static string By(string name) => $"monkey {name}";

    /// <summary>All, by name.</summary>
    public IReadOnlyList<MonkeyStanding> All => [.. shelf.Names.Select(Find).OfType<MonkeyStanding>()];

    /// <summary>One; null if there is none of this name.</summary>
    public MonkeyStanding? Find(string name)
    {
        if (shelf.Find(name) is not { } kept)
            return null;
        lock (_look)
            return new(kept, _loose.GetValueOrDefault(name) is { Task.IsCompleted: false } loose ? loose.Plan : null, _problems.GetValueOrDefault(name));
    }

    /// <summary>Lets those loose that ran when the service went down; what hinders one is told where it is shown.</summary>
    public async Task StartAsync()
    {
        if (secret is not null)
            return;
        foreach (var name in shelf.Names.Where(shelf.IsOn))
            await StartAsync(name);
    }

    /// <summary>
    /// Lets those loose that are on and that this node may run, and calls all others back, which stay on: another node runs them. Asked for again and again
    /// where several nodes keep the same monkeys.
    /// </summary>
    /// <param name="mayRun">Whether this node may run a monkey.</param>
    public async Task LeadAsync(Func<string, Task<bool>> mayRun)
    {
        string[] loose;
        lock (_look)
            loose = [.. _loose.Keys];
        foreach (var name in loose.Union(shelf.Names))
            await LeadOneAsync(name, shelf.IsOn(name) && await mayRun(name));
    }

    private async Task LeadOneAsync(string name, bool mine)
    {
        await _gate.WaitAsync();
        try
        {
            var kept = shelf.Find(name);
            Loose? running;
            lock (_look)
                running = _loose.GetValueOrDefault(name) is { Task.IsCompleted: false } loose ? loose : null;
            // A plan that another node has changed is run by its new text.
            if (mine && kept is not null && running?.Text == kept.Text)
                return;
            await BackAsync(name);
            if (mine && kept is not null)
                Note(name, await LooseAsync(kept));
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>Lets one loose. Why it does not run; null if it does. Again is no harm.</summary>
    public async Task<string?> StartAsync(string name)
    {
        await _gate.WaitAsync();
        try
        {
            if (shelf.Find(name) is not { } kept)
                return $"There is no monkey '{name}'.";
            lock (_look)
            {
                if (_loose.TryGetValue(name, out var before) && !before.Task.IsCompleted)
                    return null;
            }
            if (secret is not null)
                return TurnOn(kept);
            await BackAsync(name);
            var why = await LooseAsync(kept);
            Note(name, why);
            return why;
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>Calls one back, and returns when its strikes are undone; it stays so after a restart. Why it may come back then; null if it does not. Again is no harm.</summary>
    public async Task<string?> StopAsync(string name)
    {
        await _gate.WaitAsync();
        try
        {
            await BackAsync(name);
            Note(name, null);
            shelf.Mark(name, on: false);
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return e.Message;
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>Keeps one, in place of one by its name, which goes on by the new plan if it runs; everything that is wrong with it, and then nothing changes.</summary>
    /// <exception cref="IOException">It can't be written.</exception>
    /// <exception cref="UnauthorizedAccessException">It can't be written.</exception>
    public async Task<IReadOnlyList<ExperimentProblem>> KeepAsync(string name, string text, bool isNew = false)
    {
        if (shelf.Keep(name, text, isNew) is { Count: > 0 } problems)
            return problems;
        if (!shelf.IsOn(name))
            return [];
        await _gate.WaitAsync();
        try
        {
            await BackAsync(name);
        }
        finally
        {
            _gate.Release();
        }
        await StartAsync(name);
        return [];
    }

    /// <summary>Calls one back and forgets it; false if there is none of this name.</summary>
    /// <exception cref="IOException">It can't be deleted.</exception>
    /// <exception cref="UnauthorizedAccessException">It can't be deleted.</exception>
    public async Task<bool> DeleteAsync(string name)
    {
        await _gate.WaitAsync();
        try
        {
            await BackAsync(name);
            Note(name, null);
            return shelf.Delete(name);
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>Calls all back, until the service is there again.</summary>
    public async ValueTask DisposeAsync()
    {
        await _gate.WaitAsync();
        Loose[] loose;
        lock (_look)
            loose = [.. _loose.Values];
        await Task.WhenAll(loose.Select(l => l.DisposeAsync().AsTask()));
        lock (_look)
            _loose.Clear();
        _gate.Release();
    }

    /// <summary>Where several nodes keep it, the one that may run it does so soon.</summary>
    private string? TurnOn(KeptMonkey kept)
    {
        if (kept.Result.Plan is not { } plan)
            return $"Its plan is not right: {kept.Result.Problems[0].Message}.";
        try
        {
            shelf.Mark(plan.Name, on: true);
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return e.Message;
        }
    }

    private async Task<string?> LooseAsync(KeptMonkey kept)
    {
        if (kept.Result.Plan is not { } plan)
            return $"Its plan is not right: {kept.Result.Problems[0].Message}.";
        MonkeySeed? own = null;
        try
        {
            own = MonkeySeed.TryTake(stateFolder, plan.Name);
            if (own is null)
                return $"A monkey called {plan.Name} runs on this machine already; two would strike twice as often.";
            var looking = await parts.World(new HeardTimeline(parts.Time));
            if (!shelf.IsOn(plan.Name))
                shelf.Mark(plan.Name, on: true);
            var monkey = new Monkey(plan, new()
            {
                Time = parts.Time,
                Seed = secret?.Invoke(plan.Name) ?? own.Value,
                Inventory = looking.Inventory,
                Protection = looking.Protection,
                Strike = StrikeAsync,
                Audit = audit,
                Problem = why => Note(plan.Name, why),
            });
            lock (_look)
                _loose[plan.Name] = new(plan, kept.Text, own, stop => RunAsync(monkey, plan.Name, stop));
            return null;
        }
        catch (Exception e) when (e is GuardBookException or IOException or UnauthorizedAccessException)
        {
            own?.Dispose();
            return e.Message;
        }
    }

    private async Task RunAsync(Monkey monkey, string name, CancellationToken stop)
    {
        try
        {
            await monkey.RunAsync(stop);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // Nobody waits for this task: what went wrong is told where the monkey is shown.
            Note(name, e.Message);
        }
    }

    private async Task<ExperimentOutcome> StrikeAsync(Experiment experiment, string by, CancellationToken stop)
    {
        var start = drills.Start(new DrillOrder("", null, by), experiment);
        if (start is not DrillStart.Started { Drill: var drill })
            return NotDone(start switch
            {
                DrillStart.Halted halted => halted.Why,
                DrillStart.Busy busy => busy.Why,
                DrillStart.NotWritable disk => disk.Why,
                _ => "The service was about to end.",
            });
        await using (stop.Register(() => drill.Stop("the end of its monkey")))
            await drill.Completion;
        return drill.Outcome ?? NotDone("It did not come to its end.");
    }

    private async Task BackAsync(string name)
    {
        Loose? loose;
        lock (_look)
            loose = _loose.GetValueOrDefault(name);
        if (loose is null)
            return;
        await loose.DisposeAsync();
        lock (_look)
            _loose.Remove(name);
    }

    private void Note(string name, string? problem)
    {
        lock (_look)
        {
            if (problem is null)
                _problems.Remove(name);
            else
                _problems[name] = problem;
        }
    }

    private static ExperimentOutcome NotDone(string why) => new("", ExperimentStatus.Failed, false, new JsonObject(), []) { Why = why };

    /// <summary>One that runs.</summary>
    private sealed class Loose : IAsyncDisposable
    {
        private readonly CancellationTokenSource _stop = new();
        private readonly MonkeySeed _own;

        public Loose(MonkeyPlan plan, string text, MonkeySeed own, Func<CancellationToken, Task> run)
        {
            (Plan, Text, _own) = (plan, text, own);
            Task = System.Threading.Tasks.Task.Run(() => run(_stop.Token));
        }

        public MonkeyPlan Plan { get; }

        public string Text { get; }

        public Task Task { get; }

        public async ValueTask DisposeAsync()
        {
            await _stop.CancelAsync();
            await Task;
            _own.Dispose();
            _stop.Dispose();
        }
    }
}

/// <summary>How a kept monkey stands.</summary>
/// <param name="Kept">What is kept of it.</param>
/// <param name="Running">The plan that it runs by; null if it does not run.</param>
/// <param name="Problem">What hinders it, or went wrong last; null if nothing did.</param>
public sealed record MonkeyStanding(KeptMonkey Kept, MonkeyPlan? Running, string? Problem);
