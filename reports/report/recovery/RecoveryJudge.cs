using Pressure.Record;

namespace Pressure.Reports;

/// <summary>From a strike, what probes said, what the load showed and what people marked, to the times of detecting, locating and recovering. Pure.</summary>
/// <param name="strikes">All strikes.</param>
/// <param name="probes">All probes.</param>
/// <param name="load">The load's seconds.</param>
/// <param name="marks">What people marked.</param>
/// <param name="end">Until when anything is known.</param>
internal sealed class RecoveryJudge(IReadOnlyList<Strike> strikes, IReadOnlyList<ProbeTrack> probes, LoadSeconds load, IReadOnlyList<TimelineEvent.Marked> marks, TimeSpan end)
{
    private const string MarkedBy = "mark";

    private static readonly TimeSpan DetectWithin = TimeSpan.FromMinutes(1), LocateWithin = TimeSpan.FromMinutes(5), RecoverWithin = TimeSpan.FromMinutes(10);

    /// <summary>A moment, who saw it, and to what it is exact.</summary>
    private readonly record struct Seen(TimeSpan At, string By, TimeSpan Accuracy);

    public RecoveryFigures Judge(Strike strike)
    {
        var horizon = strike.Horizon(strikes, end);
        var (detected, located) = (Mark(TimelineEvent.Marked.Detected, strike, horizon), Mark(TimelineEvent.Marked.Located, strike, horizon));
        var measured = Failing(strike, horizon).OrderBy(s => s.At).Select(s => (Seen?)s).FirstOrDefault();
        var failing = measured ?? (detected is { } at ? new Seen(at, MarkedBy, TimeSpan.Zero) : null);
        var recovered = failing is null ? null : Recovered(strike, horizon);
        var toDetect = (detected < failing?.At ? detected : failing?.At) - strike.At;
        var toRecover = recovered?.At - failing?.At;
        return new(strike.Title, strike.Experiment, Seconds(strike.At), Seconds(failing?.At), Seconds(recovered?.At))
        {
            SeenBy = failing?.By ?? "",
            RecoveredBy = recovered?.By ?? "",
            ToDetect = Seconds(toDetect),
            ToLocate = Seconds(located - strike.At),
            ToRecover = Seconds(toRecover),
            Accuracy = Seconds(Later(failing?.Accuracy ?? default, recovered?.Accuracy ?? default)),
            Lost = load.Any ? load.Lost(strike.At, failing?.At ?? horizon, recovered?.At ?? horizon) : null,
            DetectedInTime = toDetect is null ? null : toDetect <= DetectWithin,
            LocatedInTime = located is null || failing is null ? null : located - strike.At <= LocateWithin,
            RecoveredInTime = failing is null ? null : toRecover is not null && toRecover <= RecoverWithin,
        };
    }

    private IEnumerable<Seen> Failing(Strike strike, TimeSpan horizon)
    {
        foreach (var probe in ProbesOf(strike))
        {
            if (probe.FailsFrom(strike.At, horizon) is { } at)
                yield return new(at, probe.Name, probe.Every);
        }
        if (load.Bad(strike.At, horizon) is [var first, ..])
            yield return new(Later(TimeSpan.FromSeconds(first), strike.At), "load", TimeSpan.FromSeconds(1));
    }

    /// <summary>When the last of all that failed held again; null while one of them does not.</summary>
    private Seen? Recovered(Strike strike, TimeSpan horizon)
    {
        List<Seen?> back = [];
        foreach (var probe in ProbesOf(strike).Where(p => p.FailsFrom(strike.At, horizon) is not null))
            back.Add(probe.HoldsFrom(horizon) is { } at ? new(at, probe.Name, probe.Every) : null);
        if (load.Bad(strike.At, horizon) is [.., var last])
            back.Add(last + 1 < Math.Floor(horizon.TotalSeconds) ? new(TimeSpan.FromSeconds(last + 1), "load", TimeSpan.FromSeconds(1)) : null);
        // Where nothing that measures saw it, somebody may have.
        if (back.Count == 0)
            return Mark(TimelineEvent.Marked.Recovered, strike, horizon) is { } marked ? new(marked, MarkedBy, TimeSpan.Zero) : null;
        return back.TrueForAll(b => b is not null) ? back.MaxBy(b => b!.Value.At) : null;
    }

    private IEnumerable<ProbeTrack> ProbesOf(Strike strike) => probes.Where(p => strike.Experiment.Length == 0 || p.Experiment == strike.Experiment);

    private TimeSpan? Mark(string mark, Strike strike, TimeSpan horizon) =>
        marks.Where(m => m.Mark == mark && m.At >= strike.At && m.At < horizon).Select(m => (TimeSpan?)m.At).FirstOrDefault();

    private static TimeSpan Later(TimeSpan a, TimeSpan b) => a > b ? a : b;

    private static double Seconds(TimeSpan time) => Math.Round(time.TotalSeconds, 3);

    private static double? Seconds(TimeSpan? time) => time is { } t ? Seconds(t) : null;
}
