using System.Text.Json.Nodes;

namespace Pressure.Faults.Tests;

/// <summary>Faults that end a container: kill, crash, stop, restart.</summary>
public sealed class EndedContainerTests(EngineFixture engine) : IClassFixture<EngineFixture>
{
    private static readonly CancellationToken Never = CancellationToken.None;

    public static TheoryData<string> Kinds => ["container-kill", "container-crash", "container-stop"];

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task What_ends_a_container_is_undone_by_starting_the_very_container_again(string kind)
    {
        await using var container = await engine.SleeperAsync();
        var target = await engine.TargetAsync(container);

        var (fault, intent) = await engine.StrikeAsync(kind, target, Arguments(kind));

        Assert.False((await engine.FactsAsync(target.Id)).Running);
        Assert.Equal($"container {target.Name} does not run", await fault.ResidueAsync(intent, Never));
        Assert.IsType<UndoOutcome.Undone>(await fault.UndoAsync(intent, Never));
        Assert.True((await engine.FactsAsync(target.Id)).Running);
        Assert.Null(await fault.ResidueAsync(intent, Never));
        Assert.Equal("it was started again already", Assert.IsType<UndoOutcome.NothingToUndo>(await fault.UndoAsync(intent, Never)).Why);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task An_intent_that_was_never_applied_leaves_the_container_alone(string kind)
    {
        await using var container = await engine.SleeperAsync();
        var target = await engine.TargetAsync(container);
        var (fault, intent) = await engine.IntendAsync(kind, target, Arguments(kind));

        Assert.Equal("it was not struck, and runs as before", Assert.IsType<UndoOutcome.NothingToUndo>(await fault.UndoAsync(intent, Never)).Why);
        Assert.Equal(target.StartedAt, (await engine.FactsAsync(target.Id)).StartedAt);
    }

    [Theory]
    [InlineData("container-kill", "no", false)]
    [InlineData("container-kill", "always", false)]
    [InlineData("container-kill", "unless-stopped", false)]
    [InlineData("container-kill", "on-failure", false)]
    [InlineData("container-stop", "always", false)]
    [InlineData("container-crash", "no", false)]
    [InlineData("container-crash", "always", true)]
    [InlineData("container-crash", "unless-stopped", true)]
    [InlineData("container-crash", "on-failure", true)]
    public async Task A_restart_policy_acts_after_a_crash_and_never_after_a_kill_or_a_stop(string kind, string policy, bool acts)
    {
        await using var container = await engine.SleeperAsync(o => o with { RestartPolicy = policy });
        var target = await engine.TargetAsync(container);

        var (fault, intent) = await engine.StrikeAsync(kind, target, Arguments(kind));
        var outcome = await fault.UndoAsync(intent, Never);

        Assert.Equal(acts, outcome is UndoOutcome.NothingToUndo { Why: "it was started again already" });
        Assert.Equal(!acts, outcome is UndoOutcome.Undone);
        var after = await engine.InspectAsync(target.Id);
        Assert.Equal(acts ? 1 : 0, after["RestartCount"]!.GetValue<int>());
        Assert.True(ContainerFacts.From(after).Running);
    }

    [Fact]
    public async Task A_stop_that_is_under_way_is_waited_for_and_undone()
    {
        // The first process of a container ignores TERM unless it says otherwise, so the grace passes whole: longer than a busy machine takes to come to the next line.
        await using var container = await engine.SleeperAsync();
        var target = await engine.TargetAsync(container);
        var (fault, intent) = await engine.IntendAsync("container-stop", target, new() { ["grace"] = "15s" });
        using var killed = new CancellationTokenSource();

        var striking = fault.ApplyAsync(intent, killed.Token);
        while (!(await new ContainerEvents(engine.Api, TimeProvider.System).SinceAsync(target.Id, intent.JournaledAt, Never)).Any(e => e.Action == "kill"))
            await Task.Delay(20, Never);
        await killed.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => striking);

        Assert.IsType<UndoOutcome.Undone>(await fault.UndoAsync(intent, Never));
        var after = await engine.FactsAsync(target.Id);
        Assert.True(after.Running);
        Assert.NotEqual(target.StartedAt, after.StartedAt);
    }

    [Fact]
    public async Task A_restart_comes_back_by_itself()
    {
        await using var container = await engine.SleeperAsync();
        var target = await engine.TargetAsync(container);

        var (fault, intent) = await engine.StrikeAsync("container-restart", target, new() { ["grace"] = "1s" });

        Assert.Equal("it was started again already", Assert.IsType<UndoOutcome.NothingToUndo>(await fault.UndoAsync(intent, Never)).Why);
        Assert.NotEqual(target.StartedAt, (await engine.FactsAsync(target.Id)).StartedAt);
    }

    [Fact]
    public async Task What_somebody_stopped_after_it_had_come_back_stays_stopped()
    {
        await using var container = await engine.SleeperAsync();
        var target = await engine.TargetAsync(container);
        var (fault, intent) = await engine.StrikeAsync("container-kill", target);
        await engine.Engine.AskAsync(HttpMethod.Post, $"containers/{target.Id}/start");
        await engine.Engine.AskAsync(HttpMethod.Post, $"containers/{target.Id}/stop?t=0");

        Assert.Equal("somebody stopped it after it had been started again", Assert.IsType<UndoOutcome.NothingToUndo>(await fault.UndoAsync(intent, Never)).Why);
        Assert.False((await engine.FactsAsync(target.Id)).Running);
    }

    [Fact]
    public async Task What_came_back_and_crashed_by_itself_is_started()
    {
        await using var container = await engine.SleeperAsync();
        var target = await engine.TargetAsync(container);
        var (fault, intent) = await engine.StrikeAsync("container-kill", target);
        await engine.Engine.AskAsync(HttpMethod.Post, $"containers/{target.Id}/start");
        await engine.StrikeAsync("container-crash", await engine.TargetAsync(container));

        Assert.IsType<UndoOutcome.Undone>(await fault.UndoAsync(intent, Never));
        Assert.True((await engine.FactsAsync(target.Id)).Running);
    }

    [Fact]
    public async Task What_is_gone_needs_no_undoing()
    {
        var container = await engine.SleeperAsync();
        var target = await engine.TargetAsync(container);
        var (fault, intent) = await engine.StrikeAsync("container-kill", target);
        await container.DisposeAsync();

        Assert.Equal("the container is gone", Assert.IsType<UndoOutcome.NothingToUndo>(await fault.UndoAsync(intent, Never)).Why);
        Assert.Null(await fault.ResidueAsync(intent, Never));
    }

    [Fact]
    public async Task A_container_that_ends_at_once_when_it_is_started_again_is_told_of()
    {
        using var folder = new TempFolder();
        await File.WriteAllTextAsync(folder.File("first"), "", Never);
        await using var container = await engine.Engine.RunAsync(new ContainerOrder($"once{Guid.NewGuid():N}"[..10], "busybox", "sh", "-c", "rm /there/first || exit 7; exec sleep 1000") { Folders = [$"{folder.Path}:/there"] });
        while (File.Exists(folder.File("first")))
            await Task.Delay(20, Never);
        var target = await engine.TargetAsync(container);
        var (_, intent) = await engine.StrikeAsync("container-kill", target);
        // How long it takes to end is the machine's: the look at it comes when it has.
        var time = new EventualTime(async () =>
        {
            while ((await engine.FactsAsync(target.Id)).Running)
                await Task.Delay(20, Never);
        });
        var fault = ContainerFaults.All(engine.Tools with { Time = time }).Single(f => f.Description.Kind == "container-kill");

        var incomplete = Assert.IsType<UndoOutcome.Incomplete>(await fault.UndoAsync(intent, Never));

        Assert.Contains("exit code 7", incomplete.What, StringComparison.Ordinal);
    }

    internal static JsonObject? Arguments(string kind) => kind == "container-stop" ? new() { ["grace"] = "1s" } : null;

    /// <summary>The system's clock, but its timers are due when something has come about.</summary>
    private sealed class EventualTime(Func<Task> comesAbout) : TimeProvider
    {
        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            var timer = System.CreateTimer(callback, state, Timeout.InfiniteTimeSpan, period);
            _ = comesAbout().ContinueWith(_ => timer.Change(TimeSpan.Zero, period), TaskScheduler.Default);
            return timer;
        }
    }
}
