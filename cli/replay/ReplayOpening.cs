using Pressure.Cli.Capture;
using Pressure.Cluster;
using Pressure.LoadGen;

namespace Pressure.Cli.Replay;

/// <summary>Opens the captures of a plan in front of a person, who may be bored by it: files of packets are read as a whole first.</summary>
internal static class ReplayOpening
{
    /// <summary>Opens them.</summary>
    /// <param name="plan">A replay.</param>
    /// <param name="file">The plan's file, as problems name it.</param>
    /// <param name="isForPeople">Whether to show how it goes on.</param>
    /// <param name="problems">What is wrong; none also when it was stopped.</param>
    /// <returns>The replay, to be disposed of; null with problems, or when it was stopped.</returns>
    public static PreparedReplay? Open(LoadPlan plan, string file, bool isForPeople, out IReadOnlyList<PlanProblem> problems)
    {
        using var signals = new StopSignals();
        var order = ((Load.Replay)plan.Load).Order;
        IReadOnlyList<PlanProblem> found = [];
        try
        {
            return CaptureProgress.Show(order.Captures, isForPeople, progress =>
                ReplayPreparation.Open(plan, file, path => ReplayPreparation.OpenFile(path, order, progress, signals.Token), out found));
        }
        catch (OperationCanceledException) when (signals.Token.IsCancellationRequested)
        {
            return null;
        }
        finally
        {
            problems = found;
        }
    }
}
