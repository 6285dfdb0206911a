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
    // Of what a lease allows; the rest is for clocks that run differently, and for what takes a moment to stop.
    private const double SafePart = 0.9;

    private readonly Dictionary<string, Loose> _loose = [];
    private readonly Dictionary<string, (long Asked, TimeSpan Length)> _terms = [];
    private readonly Dictionary<string, Task> _following = [];
    private readonly Dictionary<string, string> _problems = [];
    private readonly SemaphoreSlim _gate = new(1);
    private readonly Lock _look = new();
    private bool _isOver;

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
    /// where several nodes keep the same monkeys. Waits for no monkey that comes back, which may take long: meanwhile the leases of the others would run out.
    /// </summary>
    /// <param name="mayRun">Whether this node may run a monkey, for a lease from now on.</param>
    /// <param name="lease">How long that holds: a monkey of which it is not said again in time is called back, also while nobody can be asked.</param>
    public async Task LeadAsync(Func<string, Task<bool>> mayRun, TimeSpan lease)
    {
        string[] loose;
        lock (_look)
            loose = [.. _loose.Keys];
        List<string> names = [.. loose.Union(shelf.Names)];
        foreach (var name in names)
        {
            var asked = parts.Time.GetTimestamp();
            var mine = shelf.IsOn(name) && await mayRun(name);
            lock (_look)
                SetTerm(name, mine ? (asked, lease * SafePart) : null);
        }
        lock (_look)
        {
            foreach (var done in _following.Where(f => f.Value.IsCompleted).Select(f => f.Key).ToList())
                _following.Remove(done);
            foreach (var name in names.Where(n => !_following.ContainsKey(n)))
                _following[name] = Task.Run(() => FollowAsync(name));
        }
    }

    /// <summary>From now on, or until when, this node may run a monkey; one that runs hears of it at once.</summary>
    private void SetTerm(string name, (long Asked, TimeSpan Length)? term)
    {
        if (term is { } given)
            _terms[name] = given;
        else
            _terms.Remove(name);
        _loose.GetValueOrDefault(name)?.EndIn(LeftOf(name));
    }

    /// <summary>How long this node may still run a monkey.</summary>
    private TimeSpan LeftOf(string name) => _terms.TryGetValue(name, out var term) ? term.Length - parts.Time.GetElapsedTime(term.Asked) : TimeSpan.Zero;

    private bool IsMine(string name)
    {
        lock (_look)
            return !_isOver && LeftOf(name) > TimeSpan.Zero && shelf.IsOn(name);
    }

    /// <summary>Lets one loose, or brings it back, as the leases say. Never throws.</summary>
    private async Task FollowAsync(string name)
    {
        await _gate.WaitAsync();
        try
        {
            var kept = shelf.Find(name);
            Loose? running;
            lock (_look)
                running = _loose.GetValueOrDefault(name) is { Task.IsCompleted: false, IsCalledBack: false } loose ? loose : null;
            // A plan that another node has changed is run by its new text.
            if (kept is not null && running?.Text == kept.Text && IsMine(name))
                return;
            await BackAsync(name);
            // Asked once it is back: that may have taken longer than the lease.
            if (kept is not null && IsMine(name))
                Note(name, await LooseAsync(kept));
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // Nobody waits for it: what went wrong is told where the monkey is shown.
            Note(name, e.Message);
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
                if (_loose.GetValueOrDefault(name) is { Task.IsCompleted: false, IsCalledBack: false })
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
        string[] loose;
        Task[] following;
        lock (_look)
            (_isOver, loose, following) = (true, [.. _loose.Keys], [.. _following.Values]);
        await Task.WhenAll(loose.Select(BackAsync));
        _gate.Release();
        await Task.WhenAll(following);
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
            {
                _loose[plan.Name] = new(plan, kept.Text, own, stop => RunAsync(monkey, plan.Name, stop), parts.Time);
                if (secret is not null)
                    _loose[plan.Name].EndIn(LeftOf(plan.Name));
            }
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
        await loose.EndAsync();
        lock (_look)
            _loose.Remove(name);
        // Only now: whoever found it there could still have set its end.
        loose.Dispose();
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
    private sealed class Loose : IDisposable
    {
        private readonly CancellationTokenSource _stop;
        private readonly MonkeySeed _own;

        public Loose(MonkeyPlan plan, string text, MonkeySeed own, Func<CancellationToken, Task> run, TimeProvider time)
        {
            (Plan, Text, _own, _stop) = (plan, text, own, new(Timeout.InfiniteTimeSpan, time));
            Task = System.Threading.Tasks.Task.Run(() => run(_stop.Token));
        }

        public MonkeyPlan Plan { get; }

        public string Text { get; }

        public Task Task { get; }

        /// <summary>Whether it is on its way back, or there.</summary>
        public bool IsCalledBack => _stop.IsCancellationRequested;

        /// <summary>Calls it back after so long, unless another time is said before; at once if there is none left.</summary>
        public void EndIn(TimeSpan left)
        {
            if (left > TimeSpan.Zero)
                _stop.CancelAfter(left);
            else
                _ = _stop.CancelAsync();
        }

        /// <summary>Calls it back, and returns when it is there.</summary>
        public async Task EndAsync()
        {
            await _stop.CancelAsync();
            await Task;
        }

        public void Dispose()
        {
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
