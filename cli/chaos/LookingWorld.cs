using Pressure.Chaos;
using Pressure.Faults;

namespace Pressure.Cli.Chaos;

/// <summary>A world in which nothing can be struck, for looking only.</summary>
internal static class LookingWorld
{
    public static ChaosWorld Of(TimeProvider time) => new()
    {
        Time = time,
        Random = new Random(0),
        Inventory = new Inventories { Here = new Dictionary<TargetKind, IInventory>() },
        Protection = Protection.Usual,
        Guard = new NothingMay(),
        Executor = (_, _, _) => throw new FaultException("Nothing is struck here."),
        Probes = new ProbeFactory(time, FaultTools.UsualSocket),
        Timeline = new ToldTimeline(time, _ => { }),
    };

    private sealed class NothingMay : IGuard
    {
        public string? Halted => null;

        public Task<GuardAnswer> AskAsync(StrikeRequest request, CancellationToken stop) =>
            Task.FromResult<GuardAnswer>(new GuardAnswer.Refused([new("stop", "Nothing is struck here.", "Run an experiment.")]));
    }
}
