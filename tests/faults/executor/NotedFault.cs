using System.Collections.Concurrent;
using System.Text.Json.Nodes;

namespace Pressure.Faults.Tests.Executor;

/// <summary>A fault that tells what is done with it, and does with each step what a test wants.</summary>
internal sealed class NotedFault : IFault
{
    public ConcurrentQueue<string> Steps { get; } = [];

    public FaultDescription Description { get; } = new() { Kind = "noted", Summary = "Tells of itself.", Target = TargetKind.Host, Parameters = [new("level", ParameterType.Number, "how much", "1")] };

    public Func<Preparation> Prepare { get; set; } = () => new Preparation.Ready(new JsonObject { ["before"] = "this" });

    public Func<CancellationToken, Task> Apply { get; set; } = _ => Task.CompletedTask;

    public Func<CancellationToken, Task<UndoOutcome>> Undo { get; set; } = _ => Task.FromResult<UndoOutcome>(new UndoOutcome.Undone());

    public Func<string?> Residue { get; set; } = () => null;

    public FaultIntent? Intent { get; private set; }

    public Task<Preparation> PrepareAsync(FaultOrder order, CancellationToken stop)
    {
        Steps.Enqueue("prepare");
        return Task.FromResult(Prepare());
    }

    public Task ApplyAsync(FaultIntent intent, CancellationToken stop)
    {
        Intent = intent;
        Steps.Enqueue("apply");
        return Apply(stop);
    }

    public Task<UndoOutcome> UndoAsync(FaultIntent intent, CancellationToken limit)
    {
        Intent = intent;
        Steps.Enqueue("undo");
        return Undo(limit);
    }

    public Task<string?> ResidueAsync(FaultIntent intent, CancellationToken limit)
    {
        Steps.Enqueue("look");
        return Task.FromResult(Residue());
    }
}
