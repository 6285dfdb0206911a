using System.Text.Json.Nodes;

namespace Pressure.Faults.Tests;

/// <summary>What happens to a container while a real executor holds a fault on it: the fault ends at its deadline, and nobody waits for it without end.</summary>
public sealed class ExecutorUnderFaultTests(EngineFixture engine) : IClassFixture<EngineFixture>, IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90), Hold = TimeSpan.FromSeconds(4);

    private readonly TempFolder _state = new();

    public static TheoryData<string, string> Happenings => new MatrixTheoryData<string, string>(
        ["container-kill", "container-pause", "network-disconnect", "network-partition", "cpu-quota"],
        ["restarted", "removed", "killed for want of memory"]);

    public void Dispose() => _state.Dispose();

    [Theory]
    [MemberData(nameof(Happenings))]
    public async Task No_fault_is_stuck_on_a_container_that_is(string kind, string happening)
    {
        var stop = TestContext.Current.CancellationToken;
        await using var container = await HungryContainer.StartAsync(engine);
        var target = await engine.TargetAsync(container.Container);
        await using var executor = await ExecutorProcess.StartAsync(_state.Path, engine.Engine.Socket, TimeSpan.FromSeconds(10), stop);
        var arguments = kind == "cpu-quota" ? new JsonObject { ["percent"] = "50%" } : EndedContainerTests.Arguments(kind) ?? [];

        var start = await executor.StartAsync(new FaultOrder(kind, target, Hold) { Arguments = arguments }, stop);
        var handle = Assert.IsType<FaultStart.InForce>(start).Handle;
        await container.HappenAsync(happening);
        var end = await executor.EndOf(handle).WaitAsync(Patience, TimeProvider.System, stop);

        Assert.Equal("deadline", end.By);
        Assert.IsNotType<UndoOutcome.Incomplete>(end.Outcome);
        Assert.True(new FaultJournal(_state.Path).IsEmpty);
        if (happening != "removed")
            Assert.True(await engine.FactsAsync(target.Id) is { Running: true, Paused: false });
    }
}
