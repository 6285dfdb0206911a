using Pressure.Record;

namespace Pressure.Reports;

/// <summary>Seconds on end in which the generator fell behind.</summary>
/// <param name="Worst">The second with the latest sends.</param>
/// <param name="BusyMachine">Busy share (0 to 1) of the generator's machine meanwhile, if others than the generator kept it busy; else null.</param>
internal sealed record Saturation(GeneratorSample Worst, double? BusyMachine)
{
    /// <summary>Busy share from which a machine has nothing left.</summary>
    private const double FullMachine = 0.95;

    private const string GeneratorsMachine = "local";

    /// <summary>The workers that fell behind, the latest first; empty when one process made the load.</summary>
    public IReadOnlyList<string> Workers { get; init; } = [];

    /// <summary>What happened, as a clause.</summary>
    public Sentence Clause => Workers.Count == 0 ? What : new("health.workers", Finding.Names(Workers), What);

    /// <summary>Why the figures say little about the target.</summary>
    public Sentence Reason => Workers.Count == 0 ? Why : IsOverrun
        ? new("reason.workersOverrun", Finding.Names(Workers), Figures.Share(Worst.Backlog), Figures.Share(Worst.BusiestLane))
        : new("reason.workersSaturated", Finding.Names(Workers), Latest, Figures.Share(Worst.BusiestLane));

    private Sentence What => BusyMachine is { } busy ? new("health.starved", Latest, Median, Figures.Share(busy))
        : IsOverrun ? new("health.overrun", Figures.Share(Worst.Backlog), Figures.Share(Worst.BusiestLane))
        : new("health.late", Latest, Median, Figures.Share(Worst.BusiestLane));

    private Sentence Why => BusyMachine is { } busy ? new("reason.starved", Latest, Figures.Share(busy))
        : IsOverrun ? new("reason.overrun", Figures.Share(Worst.Backlog), Figures.Share(Worst.BusiestLane))
        : new("reason.saturated", Latest, Figures.Share(Worst.BusiestLane));

    /// <summary>Whether the generator had no time to send, rather than sent late.</summary>
    public bool IsOverrun => BusyMachine is null && Worst.LateP99 <= GeneratorHealth.Behind;

    private string Latest => Figures.Duration(Worst.LateP99.TotalMilliseconds);

    private string Median => Figures.Duration(Worst.LateP50.TotalMilliseconds);

    /// <summary>
    /// A machine that is full while no event loop is, and of which the generator itself has less than half, has been filled by others.
    /// </summary>
    public static Saturation Of(IReadOnlyList<GeneratorSample> stretch, IEnumerable<HostSample> hosts)
    {
        var worst = stretch.OrderByDescending(s => s.LateP99).ThenByDescending(s => s.Backlog).First();
        var seconds = stretch.Select(s => Timeline.SecondOf(s.At)).ToHashSet();
        var machine = hosts.Where(h => h.Host == GeneratorsMachine && seconds.Contains(Timeline.SecondOf(h.At))).ToList();
        if (machine.Count == 0 || stretch.Any(s => s.BusiestLane > GeneratorHealth.BusyLane))
            return new(worst, null);
        var busy = machine.Average(h => h.Cpu.Busy);
        var starved = busy >= FullMachine && stretch.Average(s => s.Cpu) < machine[0].Cores / 2.0;
        return new(worst, starved ? busy : null);
    }
}
