using Pressure.Cli.Capture;
using Pressure.Cli.ConsoleOutput;
using Pressure.Cluster;
using Pressure.LoadGen;

namespace Pressure.Cli.Replay;

/// <summary>Opens the captures of a plan in front of a person, who may be bored by it: files of packets are read as a whole first.</summary>
internal static class ReplayOpening
{
    /// <summary>Opens them, or what passes meanwhile.</summary>
    /// <param name="plan">A replay.</param>
    /// <param name="file">The plan's file, as problems name it.</param>
    /// <param name="service">The agents' service, as typed; null for the usual one.</param>
    /// <param name="output">Shows how it goes on.</param>
    /// <param name="time">The clock.</param>
    /// <param name="willRun">Whether it is run then.</param>
    /// <returns>The replay, to be disposed of, or problems; neither when it was stopped.</returns>
    public static async Task<(PreparedReplay? Prepared, IReadOnlyList<PlanProblem> Problems)> OpenAsync(LoadPlan plan, string file, string? service, RunOutput output, TimeProvider time, bool willRun = true)
    {
        if (LiveOpening.IsNeeded(plan))
            return await LiveOpening.OpenAsync(plan, file, service, output, time, willRun);
        var prepared = Open(plan, file, output.IsForPeople, out var problems);
        return (prepared, problems);
    }

    /// <summary>Opens them.</summary>
    /// <param name="plan">A replay.</param>
    /// <param name="file">The plan's file, as problems name it.</param>
    /// <param name="isForPeople">Whether to show how it goes on.</param>
    /// <param name="problems">What is wrong; none also when it was stopped.</param>
    /// <returns>The replay, to be disposed of; null with problems, or when it was stopped.</returns>
    private static PreparedReplay? Open(LoadPlan plan, string file, bool isForPeople, out IReadOnlyList<PlanProblem> problems)
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
