using Pressure.Chaos;
using Pressure.Cluster;

namespace Pressure.Web.Chaos;

/// <summary>Goes along with a run that this node goes on with, and tells on its timeline how the faults ended that its dead coordinator had in force.</summary>
internal sealed class LeftChaosCompanion(LeftChaos left, bool controllerEnded, ServiceWorld world, DrillSuccessor drills, TimeProvider time) : IRunCompanion
{
    /// <inheritdoc/>
    public async Task GoAlongAsync(IAccompaniedRun run, CancellationToken stop)
    {
        if ((await left.SettleAsync(world.Agents, controllerEnded, run, time, stop)).IsUndone)
            await drills.ReleaseAsync(left);
    }
}
