namespace Pressure.Faults.Tests;

public sealed class ContainerPauseTests(EngineFixture engine) : IClassFixture<EngineFixture>
{
    private static readonly CancellationToken Never = CancellationToken.None;

    [Fact]
    public async Task After_a_pause_an_inspection_tells_byte_for_byte_what_it_told_before()
    {
        await using var container = await engine.SleeperAsync();
        var before = EngineFixture.Without(await engine.InspectAsync(container.Id));
        var (fault, intent) = await engine.StrikeAsync("container-pause", await engine.TargetAsync(container));

        Assert.True((await engine.FactsAsync(container.Id)).Paused);
        Assert.Equal($"container {container.Name} is frozen", await fault.ResidueAsync(intent, Never));
        Assert.IsType<UndoOutcome.Undone>(await fault.UndoAsync(intent, Never));

        Assert.Equal(before, EngineFixture.Without(await engine.InspectAsync(container.Id)));
        Assert.Null(await fault.ResidueAsync(intent, Never));
        Assert.Equal("it is not frozen", Assert.IsType<UndoOutcome.NothingToUndo>(await fault.UndoAsync(intent, Never)).Why);
    }

    [Fact]
    public async Task An_instance_that_somebody_else_froze_later_stays_frozen()
    {
        await using var container = await engine.SleeperAsync();
        var (fault, intent) = await engine.StrikeAsync("container-pause", await engine.TargetAsync(container));
        await engine.Engine.AskAsync(HttpMethod.Post, $"containers/{container.Id}/unpause");
        await engine.Engine.AskAsync(HttpMethod.Post, $"containers/{container.Id}/restart?t=0");
        await engine.Engine.AskAsync(HttpMethod.Post, $"containers/{container.Id}/pause");

        Assert.Equal("it was started anew, and so is not frozen", Assert.IsType<UndoOutcome.NothingToUndo>(await fault.UndoAsync(intent, Never)).Why);
        Assert.True((await engine.FactsAsync(container.Id)).Paused);
    }

    [Fact]
    public async Task One_that_was_killed_while_frozen_is_nobodys_to_thaw()
    {
        await using var container = await engine.SleeperAsync();
        var (fault, intent) = await engine.StrikeAsync("container-pause", await engine.TargetAsync(container));
        await engine.Engine.AskAsync(HttpMethod.Post, $"containers/{container.Id}/kill");

        Assert.Equal("it has ended", Assert.IsType<UndoOutcome.NothingToUndo>(await fault.UndoAsync(intent, Never)).Why);
        Assert.Null(await fault.ResidueAsync(intent, Never));
    }

    [Fact]
    public async Task What_is_paused_already_is_refused()
    {
        await using var container = await engine.SleeperAsync();
        await engine.Engine.AskAsync(HttpMethod.Post, $"containers/{container.Id}/pause");

        var order = new FaultOrder("container-pause", await engine.TargetAsync(container), TimeSpan.FromSeconds(1));
        var refused = Assert.IsType<Preparation.Refused>(await engine.Fault("container-pause").PrepareAsync(order, Never));

        Assert.Equal($"Container {container.Name} is paused, by somebody else.", refused.Why);
    }
}
