using System.Text.Json.Nodes;
using Pressure.Chaos.Tests.Guards;

namespace Pressure.Chaos.Tests.Monkeys;

/// <summary>Monkeys that several nodes keep run where their leases are held, and nowhere else.</summary>
public sealed class MonkeyLeadTests : IAsyncLifetime
{
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(10);

    private readonly TempFolder _folder = new();
    private readonly FakeTime _time = new();
    private readonly MonkeyShelf _shelf;
    private readonly MonkeyDesk _desk;
    private readonly Stubborn _stubborn = new();

    public MonkeyLeadTests()
    {
        _shelf = new MonkeyShelf(_folder.File("monkeys"), (_, name) => new(Plan(name), []));
        var parts = new DeskParts
        {
            Time = _time,
            World = timeline => Task.FromResult(World(timeline)),
            RunsFolder = _folder.File("runs"),
            Halted = () => null,
            Look = (_, _) => throw new NotSupportedException(),
        };
        _desk = new MonkeyDesk(_shelf, new DrillDesk(new ExperimentShelf(_folder.File("experiments"), (_, _) => throw new NotSupportedException()), parts), parts, _folder.File("state"), new RememberedAudit(), name => name);
    }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        _stubborn.Go.TrySetResult();
        await _desk.DisposeAsync();
        _folder.Dispose();
    }

    [Fact(Timeout = 60_000)]
    public async Task While_one_comes_back_the_leases_of_the_others_are_renewed_and_who_loses_its_own_is_called_back()
    {
        Keep("stubborn", "two", "three");
        List<string> asked = [];
        await LeadAsync(asked);
        await UntilAsync(() => Runs("stubborn") && Runs("two") && Runs("three") && _stubborn.IsAsked);

        _shelf.Mark("stubborn", on: false);
        for (var i = 0; i < 3; i++)
        {
            asked.Clear();
            await LeadAsync(asked);
            Assert.Equal(["three", "two"], asked.Order(StringComparer.Ordinal));
        }
        Assert.True(Runs("stubborn") && Runs("two"));

        await LeadAsync([], but: "two");
        await UntilAsync(() => !Runs("two"));
        Assert.True(Runs("stubborn") && Runs("three"));
    }

    [Fact(Timeout = 60_000)]
    public async Task Who_can_not_be_renewed_in_time_is_called_back_before_another_node_may_run_it()
    {
        Keep("one");
        await LeadAsync([]);
        await UntilAsync(() => Runs("one"));
        _time.Advance(Lease / 2);
        await LeadAsync([]);

        // The database hangs from here on.
        var never = new TaskCompletionSource<bool>();
        var leading = _desk.LeadAsync(_ => never.Task, Lease);
        _time.Advance(Lease * 0.8);
        Assert.True(Runs("one"));
        _time.Advance(Lease * 0.15);
        await UntilAsync(() => !Runs("one"));

        never.SetResult(true);
        await leading;
        Assert.False(Runs("one"));
        await LeadAsync([]);
        await UntilAsync(() => Runs("one"));
    }

    private Task LeadAsync(List<string> asked, string but = "") => _desk.LeadAsync(
        name =>
        {
            asked.Add(name);
            return Task.FromResult(name != but);
        },
        Lease);

    private bool Runs(string name) => _desk.Find(name)!.Running is not null;

    private void Keep(params string[] names)
    {
        foreach (var name in names)
        {
            Assert.Empty(_shelf.Keep(name, $"name: {name}"));
            _shelf.Mark(name, on: true);
        }
    }

    private static async Task UntilAsync(Func<bool> holds)
    {
        while (!holds())
            await Task.Delay(10, Stop);
    }

    private static MonkeyPlan Plan(string name) => new()
    {
        Name = name,
        Hours = new AllowedHours(TimeZoneInfo.Utc, [new(WeeklyWindow.EveryDay, TimeOnly.MinValue, TimeOnly.MinValue)], []),
        Groups = [new MonkeyGroup("web", new Provider.Fault("container-kill", new() { Kind = TargetKind.Container, Labels = new Dictionary<string, string> { ["monkey"] = name } }, TimeSpan.FromSeconds(30), new JsonObject()), new MonkeyMean(1000, null)) { By = "app" }],
    };

    private ChaosWorld World(IChaosTimeline timeline) => new()
    {
        Time = _time,
        Random = new Random(1),
        Inventory = _stubborn,
        Protection = Protection.Usual,
        Guard = null!,
        Executor = (_, _, _) => throw new NotSupportedException(),
        Probes = null!,
        Timeline = timeline,
    };

    /// <summary>Keeps the monkey of its name from coming back until it is let go.</summary>
    private sealed class Stubborn : IInventory
    {
        private volatile bool _isAsked;

        public TaskCompletionSource Go { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public bool IsAsked => _isAsked;

        public async Task<IReadOnlyList<Candidate>> ListAsync(TargetSelector selector, CancellationToken stop)
        {
            if (selector.Labels.GetValueOrDefault("monkey") == "stubborn")
            {
                _isAsked = true;
                await Go.Task;
            }
            return [];
        }
    }
}
