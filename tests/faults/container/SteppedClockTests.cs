namespace Pressure.Faults.Tests;

/// <summary>The wall clock of this machine, or of the engine, is set back while a fault is in force.</summary>
public sealed class SteppedClockTests(EngineFixture engine) : IClassFixture<EngineFixture>
{
    private static readonly CancellationToken Never = CancellationToken.None;

    [Theory]
    [MemberData(nameof(EndedContainerTests.Kinds), MemberType = typeof(EndedContainerTests))]
    public async Task What_ended_by_a_clock_that_lags_is_started_again(string kind)
    {
        await using var container = await engine.SleeperAsync();
        var target = await engine.TargetAsync(container);
        var (fault, intent) = await engine.IntendAsync(kind, target, EndedContainerTests.Arguments(kind));
        var stepped = intent with { JournaledAt = intent.JournaledAt + TimeSpan.FromHours(1) };
        await fault.ApplyAsync(stepped, Never);

        Assert.Equal($"container {target.Name} does not run", await fault.ResidueAsync(stepped, Never));
        Assert.IsType<UndoOutcome.Undone>(await fault.UndoAsync(stepped, Never));
        Assert.True((await engine.FactsAsync(target.Id)).Running);
    }

    [Fact]
    public async Task An_intent_of_an_earlier_version_is_judged_by_the_clock_that_it_has()
    {
        await using var container = await engine.SleeperAsync();
        var (fault, intent) = await engine.StrikeAsync("container-kill", await engine.TargetAsync(container));
        intent.Prior.Remove("finishedAt");

        Assert.IsType<UndoOutcome.Undone>(await fault.UndoAsync(intent, Never));
        Assert.True((await engine.FactsAsync(container.Id)).Running);
    }
}
